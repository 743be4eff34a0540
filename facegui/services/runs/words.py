"""What trainings were asked to do, in words: for comparing two of them, and for their reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum

from facegui.domain.text import tr
from facegui.domain.training import (
    Augmentation,
    Balance,
    CropKind,
    Optimizer,
    Precision,
    Schedule,
    TrainConfig,
)
from facegui.services.learning.networks import title_of
from facegui.services.runs.records import RunRecord


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting, and what it was in each of two runs."""

    setting: str
    one: str
    other: str


def settings_in_words(record: RunRecord) -> Mapping[str, str]:
    """Every setting of a run by its title, in the order of the panel they are chosen on."""
    told = {
        tr("Network"): title_of(record.config.network),
        tr("Validation share"): f"{record.split.validation:.0%}",
        tr("Test share"): f"{record.split.test:.0%}",
        tr("Most faces of a person"): _plain(record.split.cap),
    }
    return told | config_in_words(record.config)


def config_in_words(config: TrainConfig) -> dict[str, str]:
    """Every hyper-parameter but the network by its title."""
    titles = _titles()
    told = {
        titles[field.name]: _plain(getattr(config, field.name))
        for field in fields(config)
        if field.name in titles
    }
    told[titles["crop"]] = choice_in_words(config.crop)  # where None says something
    changes = {
        titles[field.name]: _plain(getattr(config.augmentation, field.name))
        for field in fields(Augmentation)
    }
    return told | changes


def choice_in_words(choice: Enum | None) -> str:
    """A setting that is chosen from a list, for the list and for the words on a run alike."""
    words: Mapping[Enum | None, str] = {
        Optimizer.ADAM: "Adam",
        Optimizer.SGD: "SGD",
        Optimizer.RMSPROP: "RMSprop",
        Schedule.CONSTANT: tr("constant"),
        Schedule.PLATEAU: tr("lower on a plateau"),
        Schedule.COSINE: tr("cosine"),
        Precision.FLOAT32: "float32",
        Precision.BFLOAT16: "bfloat16",
        Balance.TURNS: tr("people take turns"),
        Balance.WEIGHTS: tr("class weights"),
        Balance.NONE: tr("none"),
        CropKind.ALIGNED: tr("by landmarks"),
        CropKind.BOX: tr("padded box"),
        None: tr("as the network likes"),
    }
    return words[choice]


def differences(one: RunRecord, other: RunRecord) -> tuple[Difference, ...]:
    """The settings in which two runs differ; the dataset counts as one, by its hash."""
    first, second = settings_in_words(one), settings_in_words(other)
    dataset = tr("Dataset")
    found = [Difference(name, first[name], second[name]) for name in first]
    found.append(Difference(tr("People"), ", ".join(one.people), ", ".join(other.people)))
    found.append(Difference(dataset, one.manifest_hash[:12], other.manifest_hash[:12]))
    return tuple(difference for difference in found if difference.one != difference.other)


def _plain(value: object) -> str:
    """*value* for a table cell."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, Enum):
        return choice_in_words(value)
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return " – ".join(f"{part:g}" for part in value)
    return str(value)


def _titles() -> Mapping[str, str]:
    """A title for each field of `TrainConfig` and `Augmentation` but those with parts of theirs."""
    return {
        "seed": tr("Seed"),
        "crop": tr("Crop"),
        "balance": tr("Balance"),
        "batch_size": tr("Batch size"),
        "optimizer": tr("Optimiser"),
        "momentum": tr("Momentum"),
        "learning_rate": tr("Learning rate"),
        "schedule": tr("Schedule"),
        "schedule_patience": tr("Epochs before a plateau lowers the rate"),
        "schedule_factor": tr("Factor of a plateau"),
        "warmup_epochs": tr("Warm-up epochs"),
        "weight_decay": tr("Weight decay"),
        "label_smoothing": tr("Label smoothing"),
        "precision": tr("Precision"),
        "fine_tune_blocks": tr("Blocks that learn too"),
        "normalise": tr("Batch normalisation"),
        "dropout": tr("Dropout"),
        "weight_average": tr("Averaging of weights"),
        "max_epochs": tr("Epochs at most"),
        "max_steps": tr("Batches at most"),
        "patience": tr("Patience"),
        "target_accuracy": tr("Target accuracy"),
        "max_seconds": tr("Seconds at most"),
        "flip": tr("Mirrored"),
        "shift": tr("Shift"),
        "rotation": tr("Rotation"),
        "zoom": tr("Zoom"),
        "shear": tr("Shear"),
        "brightness": tr("Brightness"),
        "contrast": tr("Contrast"),
        "hue": tr("Hue"),
        "saturation": tr("Saturation"),
        "blur": tr("Blur"),
        "cutout": tr("Cut-out"),
    }
