"""XMP packets with face regions, written the ways that different programs write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

HEAD = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="test">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
   xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
   xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"
   xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#"
   xmlns:acdsee-rs="http://ns.acdsee.com/regions/"
   xmlns:acdsee-stArea="http://ns.acdsee.com/sType/Area#"
   xmlns:MP="http://ns.microsoft.com/photo/1.2/"
   xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#"
   xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#">
"""
TAIL = """
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


class Face(NamedTuple):
    """A face by centre and size in fractions of the sides."""

    x: float
    y: float
    w: float
    h: float
    name: str = ""
    kind: str = "Face"


def mwg_elements(
    faces: Sequence[Face], applied: tuple[int, int] | None = None, schema: str = "mwg-rs"
) -> str:
    """Every field an element, as exiftool writes; *schema* ``acdsee-rs`` is built alike."""
    area = "stArea" if schema == "mwg-rs" else "acdsee-stArea"
    area_name = "Area" if schema == "mwg-rs" else "DLYArea"
    dimensions = "" if applied is None else _dimensions(applied)
    items = "".join(
        f"<rdf:li rdf:parseType='Resource'><{schema}:{area_name} rdf:parseType='Resource'>"
        f"<{area}:x>{f.x}</{area}:x><{area}:y>{f.y}</{area}:y>"
        f"<{area}:w>{f.w}</{area}:w><{area}:h>{f.h}</{area}:h>"
        f"</{schema}:{area_name}><{schema}:Name>{escape(f.name)}</{schema}:Name>"
        f"<{schema}:Type>{f.kind}</{schema}:Type></rdf:li>"
        for f in faces
    )
    return (
        f"<{schema}:Regions rdf:parseType='Resource'>{dimensions}<{schema}:RegionList>"
        f"<rdf:Bag>{items}</rdf:Bag></{schema}:RegionList></{schema}:Regions>"
    )


def mwg_attributes(faces: Sequence[Face], applied: tuple[int, int] | None = None) -> str:
    """Fields as attributes inside ``rdf:Description``, as Adobe's and digiKam's toolkits write."""
    dimensions = (
        ""
        if applied is None
        else f"<mwg-rs:AppliedToDimensions stDim:w='{applied[0]}' stDim:h='{applied[1]}' "
        "stDim:unit='pixel'/>"
    )
    items = "".join(
        f"<rdf:li><rdf:Description mwg-rs:Name={quoteattr(f.name)} mwg-rs:Type='{f.kind}'>"
        f"<mwg-rs:Area stArea:x='{f.x}' stArea:y='{f.y}' stArea:w='{f.w}' stArea:h='{f.h}' "
        "stArea:unit='normalized'/></rdf:Description></rdf:li>"
        for f in faces
    )
    return (
        f"<mwg-rs:Regions><rdf:Description>{dimensions}<mwg-rs:RegionList><rdf:Bag>{items}"
        "</rdf:Bag></mwg-rs:RegionList></rdf:Description></mwg-rs:Regions>"
    )


def microsoft(faces: Sequence[Face]) -> str:
    """``left, top, width, height``, as Windows Live Photo Gallery writes."""
    items = "".join(
        f"<rdf:li MPReg:PersonDisplayName={quoteattr(f.name)} "
        f"MPReg:Rectangle='{f.x - f.w / 2}, {f.y - f.h / 2}, {f.w}, {f.h}'/>"
        for f in faces
    )
    return (
        "<MP:RegionInfo rdf:parseType='Resource'><MPRI:Regions>"
        f"<rdf:Bag>{items}</rdf:Bag></MPRI:Regions></MP:RegionInfo>"
    )


def packet(*parts: str) -> bytes:
    """A whole packet around *parts*."""
    return (HEAD + "".join(parts) + TAIL).encode()


def _dimensions(applied: tuple[int, int]) -> str:
    return (
        "<mwg-rs:AppliedToDimensions rdf:parseType='Resource'>"
        f"<stDim:w>{applied[0]}</stDim:w><stDim:h>{applied[1]}</stDim:h>"
        "<stDim:unit>pixel</stDim:unit></mwg-rs:AppliedToDimensions>"
    )
