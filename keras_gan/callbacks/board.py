"""Pictures in TensorBoard, without TensorFlow."""

import io
import os
import time

from keras_gan._typing import PathLike


class Board:
    """Write pictures to a log folder of TensorBoard.

    The events go to the subfolder `samples`, beside `train` and `validation` of
    `keras.callbacks.TensorBoard`, because TensorBoard reads only one growing event
    file in each folder.

    Args:
        log_dir: the log folder.

    Raises:
        ImportError: if the package `tensorboard` is not installed.
    """

    def __init__(self, log_dir: PathLike) -> None:
        try:
            from tensorboard.summary.writer.event_file_writer import EventFileWriter
        except ImportError as error:
            raise ImportError(
                "Pictures in TensorBoard need the package `tensorboard`: "
                "`pip install tensorboard`."
            ) from error
        self.writer = EventFileWriter(
            os.path.join(os.path.expanduser(log_dir), "samples")
        )

    def add_png(self, tag: str, data: bytes, step: int) -> None:
        """Add one picture.

        Args:
            tag: str, the title of the picture.
            data: bytes, the PNG file.
            step: int, the position on TensorBoard's slider.
        """
        from PIL import Image
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary

        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            width, height = image.size
            colorspace = len(image.getbands())
        picture = Summary.Image(
            height=height,
            width=width,
            colorspace=colorspace,
            encoded_image_string=data,
        )
        summary = Summary(value=[Summary.Value(tag=tag, image=picture)])
        self.writer.add_event(Event(wall_time=time.time(), step=step, summary=summary))
        self.writer.flush()

    def close(self) -> None:
        """Close the event file."""
        self.writer.close()
