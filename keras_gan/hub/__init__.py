"""Models on the Hugging Face hub: `hf://USER/NAME`.

`gan.save_to_preset("hf://user/name")` publishes a model, and
`keras_gan.from_preset("hf://user/name")` loads it. Both need `huggingface_hub`:
`pip install "keras-gan[hub]"`.
"""

from keras_gan.hub import card
from keras_gan.hub.address import Address, is_address, parse
from keras_gan.hub.remote import download, upload

__all__ = ["Address", "card", "download", "is_address", "parse", "upload"]
