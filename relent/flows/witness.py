"""The text classifier that the settings name: read from its file once, and heard on what people wrote.

The file holds numbers and nothing else (NumPy's .npz, read without pickle): to load it runs nothing. A file that is
missing or broken is said in the checks and on the settings page, and the rules go on judging alone.
"""

import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from relent.mail import ngrams
from relent.mail.message import Message
from relent.normalize import message as normalize
from relent.normalize import witness
from relent.normalize.witness import Weights
from relent.terms.classifier import ClassifierFault

# What the file says of itself; another number means another way of counting, and other weights.
VERSION = 1
_LARGEST = 4 * 1024 * 1024  # bytes, unpacked


def hear(event: normalize.Reading, message: Message) -> normalize.Reading:
    """Return ``event`` with what the classifier adds; as it is where there is none, or where it cannot be used."""
    weights = named(settings.CLASSIFIER)
    return witness.heard(event, message, weights) if isinstance(weights, Weights) else event


def fault() -> ClassifierFault | None:
    """Return what is wrong with the classifier that the settings name; ``None`` where nothing is, or none is named."""
    found = named(settings.CLASSIFIER)
    return found if isinstance(found, ClassifierFault) else None


def is_heard() -> bool:
    """Whether a classifier is named and can be used."""
    return isinstance(named(settings.CLASSIFIER), Weights)


def named(file: str) -> Weights | ClassifierFault | None:
    """Return what the setting's ``file`` holds, or what is wrong with it; ``None`` for an empty name. Needs no Django
    that is set up; a file is read once, and again when it has changed."""
    if not file:
        return None
    path = Path(file)
    try:
        stat = path.stat()
    except OSError:
        return ClassifierFault.MISSING
    return _loaded(path, stat.st_mtime_ns, stat.st_size)


def load(path: Path) -> Weights | ClassifierFault:
    """Return what the file at ``path`` holds, or what is wrong with it."""
    try:
        import numpy as np
    except ImportError:
        return ClassifierFault.NOT_INSTALLED
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(one.file_size for one in packed.infolist()) > _LARGEST:
                return ClassifierFault.BROKEN
        with np.load(path, allow_pickle=False) as held:
            buckets, bias, version = held["buckets"], held["bias"], held["version"]
            right = buckets.shape == (ngrams.BUCKETS,) and np.isfinite(buckets).all() and np.isfinite(bias).all()
            if not right or int(version) != VERSION:
                return ClassifierFault.BROKEN
            return Weights(tuple(buckets.astype(float).tolist()), float(bias))
    except FileNotFoundError:
        return ClassifierFault.MISSING
    except PermissionError:
        return ClassifierFault.MISSING
    except Exception:  # zlib's, zipfile's and NumPy's are many; none of them may keep a mail from being judged
        return ClassifierFault.BROKEN


def save(weights: Any, bias: float, path: Path) -> None:
    """Write a classifier to ``path``: all of it, or nothing. ``weights`` is an array of ``ngrams.BUCKETS`` numbers.
    Raises OSError."""
    import numpy as np

    beside = path.with_name(f"{path.name}.part")
    with beside.open("wb") as file:
        np.savez_compressed(
            file, buckets=np.asarray(weights, dtype=np.float32), bias=np.float64(bias), version=np.int64(VERSION)
        )
    beside.replace(path)


@lru_cache(maxsize=2)
def _loaded(path: Path, _changed_at: int, _size: int) -> Weights | ClassifierFault:
    return load(path)
