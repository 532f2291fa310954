"""torch-fidelity, on machines without torchvision too.

It imports torchvision for data sets and for extractors that are not used here. Where
torchvision is missing, empty modules of its name stand in; none of what is compared
touches them.
"""

import sys
import types
import warnings

import pytest

torch = pytest.importorskip("torch")


def stand_in_for_torchvision():
    names = ("", ".datasets", ".transforms", ".transforms.functional")
    modules = {f"torchvision{name}": None for name in names}
    for name in modules:
        modules[name] = sys.modules[name] = types.ModuleType(name)
    modules["torchvision.transforms"].functional = modules[
        "torchvision.transforms.functional"
    ]
    for name in ("CIFAR10", "CIFAR100", "STL10"):
        setattr(modules["torchvision.datasets"], name, type(name, (), {}))


try:
    import torchvision  # noqa: F401
except ImportError:
    stand_in_for_torchvision()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pytest.importorskip("torch_fidelity")
    from torch_fidelity import (  # noqa: F401
        metric_fid,
        metric_isc,
        metric_kid,
        metric_prc,
    )
    from torch_fidelity.feature_extractor_inceptionv3 import (  # noqa: F401
        FeatureExtractorInceptionV3,
    )
