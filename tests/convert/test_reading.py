"""Files of state dicts: kinds, parts, damage, and what could run code."""

import pickle
import re
import sys

import numpy as np
import pytest

from keras_gan.convert import read_state_dict
from keras_gan.files import DamagedFile

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")
STATE = {"model.0.weight": np.arange(6, dtype="float32").reshape(2, 3)}


def assert_is_state(found):
    assert found.keys() == STATE.keys()
    np.testing.assert_array_equal(found["model.0.weight"], STATE["model.0.weight"])


def with_torch(held, path):
    torch = pytest.importorskip("torch")

    def tensors(value):
        if isinstance(value, dict):
            return {key: tensors(each) for key, each in value.items()}
        return torch.tensor(value) if isinstance(value, np.ndarray) else value

    torch.save(tensors(held), path)
    return path


def with_safetensors(held, path):
    pytest.importorskip("safetensors.numpy").save_file(held, path)
    return path


def with_numpy(held, path):
    np.savez(path, **held)
    return path


WRITERS = {".pth": with_torch, ".safetensors": with_safetensors, ".npz": with_numpy}


@pytest.mark.parametrize("suffix", WRITERS)
def test_every_kind_of_file(suffix, tmp_path):
    path = WRITERS[suffix](STATE, tmp_path / f"weights{suffix}")
    assert_is_state(read_state_dict(path))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DamagedFile, match="is damaged"):
        read_state_dict(path)
    path.write_bytes(b"<html>404</html>")
    with pytest.raises(DamagedFile, match="is damaged"):
        read_state_dict(path)


@pytest.mark.parametrize("suffix", WRITERS)
def test_parts_by_their_names(suffix, tmp_path):
    held = {f"{part}/{n}": a for n, a in STATE.items() for part in ("G", "D")}
    path = WRITERS[suffix](held, tmp_path / f"weights{suffix}")
    assert_is_state(read_state_dict(path, "G"))
    assert (
        list(read_state_dict(path))
        == ["G/model.0.weight", "D/model.0.weight"][
            :: 1 if suffix != ".safetensors" else -1
        ]
    )
    with pytest.raises(ValueError, match="no part 'E'. It has: "):
        read_state_dict(path, "E")


def test_nested_dicts_and_what_is_no_tensor(tmp_path):
    held = {"epoch": 3, "name": "zebra", "state_dict": {"model.0": STATE}}
    held["state_dict"] = {f"module.{n}": a for n, a in STATE.items()}
    path = with_torch(held, tmp_path / "a.ckpt")
    assert_is_state(read_state_dict(path))
    assert_is_state(read_state_dict(path, "state_dict"))
    path = with_torch({"G_ema": dict(STATE), "D": dict(STATE)}, tmp_path / "b.pt")
    assert_is_state(read_state_dict(path, "G_ema"))
    prefixed = {f"netG.{n}": a for n, a in STATE.items()}
    assert_is_state(read_state_dict(with_torch(prefixed, tmp_path / "c.bin"), "netG"))


def test_half_precision_becomes_single(tmp_path):
    torch = pytest.importorskip("torch")
    tensors = {"w": torch.full((3,), 0.5, dtype=torch.bfloat16)}
    torch.save(tensors, tmp_path / "half.pth")
    found = read_state_dict(tmp_path / "half.pth")
    assert found["w"].dtype == "float32"
    assert found["w"].tolist() == [0.5] * 3


class RunsCode:
    ran = False

    def __reduce__(self):
        return RunsCode.run, ()

    @staticmethod
    def run():
        RunsCode.ran = True


def test_a_file_that_could_run_code_is_refused(tmp_path):
    torch = pytest.importorskip("torch")
    torch.save({"w": torch.zeros(3), "hook": RunsCode()}, tmp_path / "a.pth")
    (tmp_path / "b.pt").write_bytes(pickle.dumps({"hook": RunsCode()}))
    for name in ("a.pth", "b.pt"):
        with pytest.raises(DamagedFile, match=r"could run code.*torch.save\(model.st"):
            read_state_dict(tmp_path / name)
    assert not RunsCode.ran


def test_without_the_library_that_reads_it(tmp_path, monkeypatch):
    for name, library, mend in (
        ("a.pth", "torch", "pip install torch.*numpy.savez"),
        ("a.safetensors", "safetensors", re.escape('pip install "keras-gan[convert]"')),
    ):
        (tmp_path / name).write_bytes(b"")
        monkeypatch.setitem(sys.modules, library, None)
        with pytest.raises(ImportError, match=mend):
            read_state_dict(tmp_path / name)


def test_what_is_no_state_dict(tmp_path):
    with pytest.raises(ValueError, match="There is no file"):
        read_state_dict(tmp_path / "none.pth")
    (tmp_path / "weights.h5").write_bytes(b"")
    with pytest.raises(ValueError, match=r"no known kind.*\.npz, \.safetensors, \.pth"):
        read_state_dict(tmp_path / "weights.h5")
    with_torch({"epoch": 3}, tmp_path / "a.pth")
    with pytest.raises(ValueError, match="holds no arrays"):
        read_state_dict(tmp_path / "a.pth")
    torch = pytest.importorskip("torch")
    torch.save(torch.zeros(3), tmp_path / "b.pth")
    with pytest.raises(ValueError, match="holds a Tensor. Expected a state dict"):
        read_state_dict(tmp_path / "b.pth")
