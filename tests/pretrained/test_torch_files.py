"""Files of PyTorch, read without it."""

import pickle
import zipfile

import numpy as np
import pytest

from keras_gan.files import DamagedFile
from keras_gan.pretrained.torch_files import read_tensors

needs_torch = pytest.mark.backends("torch", reason="PyTorch writes the files")


@needs_torch
@pytest.mark.parametrize("is_archive", [True, False])
def test_tensors(is_archive, tmp_path):
    """Of all types, without dimensions, transposed, and views of one storage."""
    import torch

    base = torch.arange(12, dtype=torch.float32).reshape(3, 4)
    state = {
        "base": base,
        "transposed": base.T,
        "row": base[1, 1:3],
        "scalar": torch.tensor(7),
        "half": torch.tensor([0.5, -2.0], dtype=torch.float16),
        "flags": torch.tensor([True, False]),
        "empty": torch.zeros(0, 3),
    }
    path = tmp_path / "state.pth"
    torch.save(state, path, _use_new_zipfile_serialization=is_archive)
    found = read_tensors(path)
    assert found.keys() == state.keys()
    for name, tensor in state.items():
        assert found[name].dtype == tensor.numpy().dtype
        np.testing.assert_array_equal(found[name], tensor.numpy())
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DamagedFile):
        read_tensors(path)


class Runs:
    def __reduce__(self):
        return print, ("this ran",)


def test_objects_are_refused(tmp_path, capsys):
    path = tmp_path / "evil.pth"
    path.write_bytes(pickle.dumps(Runs()))
    with pytest.raises(DamagedFile, match="tensors alone .*asks for builtins.print"):
        read_tensors(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("evil/data.pkl", pickle.dumps({"a": Runs()}))
    with pytest.raises(DamagedFile, match="tensors alone .*asks for builtins.print"):
        read_tensors(path)
    assert capsys.readouterr().out == ""


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "other.pth"
    path.write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(DamagedFile, match=r"begins with other bytes\). Mend it"):
        read_tensors(path, "Mend it.")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", pickle.dumps({"a": 1}))
    with pytest.raises(DamagedFile, match="no state dict"):
        read_tensors(path)
