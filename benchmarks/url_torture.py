"""What becomes of each row of a list whose server misbehaves in every way that the tests know.

    python benchmarks/url_torture.py

Downloads the torture list of ``tests/fakes/photo_server.py`` into a new library and prints a row
for each address: what it came to, how often it was asked for, and why there is no photo. Then the
time of the whole, and the memory it took, that of the server in the same process included. Exit
status 1 when a row came to something unexpected. Needs Linux.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from facegui.collect.download import Limits
from facegui.domain.control import NullControl
from facegui.domain.web_list import FetchResult
from facegui.services.collecting.web_list import (
    ALLOWED_KEY,
    DownloadReport,
    DownloadRequest,
    download_list,
)
from facegui.services.libraries import create_library
from tests.fakes.memory import peak_kb
from tests.fakes.photo_server import (
    ELSEWHERE,
    MD5,
    OWN_ADDRESS,
    TORTURE,
    PhotoServer,
    photo_server,
)

LIMITS = Limits(total_s=20.0, silence_s=5.0, per_host=4, give_up_after=1000)


def main() -> int:
    with photo_server() as server, tempfile.TemporaryDirectory() as folder:
        urls = [server.url + path for path in TORTURE]
        listing = Path(folder) / "torture.txt"
        rows = [
            f"Somebody\t{n}\t{url}\t10,10,50,50\t{MD5}" for n, url in enumerate([*urls, *ELSEWHERE])
        ]
        listing.write_text("\n".join([*rows, "not a row", "Some\tbody\tno address\t1,2\tx"]))
        before = peak_kb()
        with create_library(Path(folder) / "Torture.facegui") as library:
            library.set_setting(ALLOWED_KEY, [OWN_ADDRESS])
            request = DownloadRequest((listing,), limits=LIMITS)
            report = download_list(library, request, NullControl())
            photos = library.counts().photos
        unexpected = _print_rows(report, server)
    for bad in report.bad_rows:
        print(f"{bad.list_name}:{bad.line}: {bad.reason}")
    print(f"\n{photos} photos in the library, {len(report.failures)} addresses without one")
    print(
        f"{report.seconds:.1f} s, {(peak_kb() - before) / 1024:.0f} MB more than before at the peak"
    )
    print(f"{unexpected} rows came to something unexpected")
    return 1 if unexpected else 0


def _print_rows(report: DownloadReport, server: PhotoServer) -> int:
    """A row for each address; how many came to something unexpected."""
    failed = {photo.url: photo for photo in report.failures}
    expected = {server.url + path: result for path, (result, _) in TORTURE.items()}
    expected |= dict.fromkeys(ELSEWHERE, FetchResult.REFUSED)
    unexpected = 0
    print(f"{'address':42} {'came to':14} asked  why")
    for url, wanted in expected.items():
        photo = failed.get(url)
        result = FetchResult.DONE if photo is None else photo.result
        path = url.removeprefix(server.url.rstrip("/"))
        asked = server.asked[path] if path.startswith("/") else 0
        reason = "" if photo is None else photo.reason
        mark = "" if result is wanted else f"  EXPECTED {wanted.value}"
        unexpected += result is not wanted
        print(f"{path:42} {result.value:14} {asked:5}  {reason}{mark}")
    return unexpected


if __name__ == "__main__":
    sys.exit(main())
