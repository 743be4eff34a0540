"""Why a face got its name: a section for the column beside a picture."""
