"""The toy model of TensorFlow Serving's documentation, and a talkative one."""

import tensorflow as tf


class HalfPlusThree(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec([None], "float32", "x")])
    def predict(self, x):
        return {"y": x / 2 + 3}

    @tf.function(input_signature=[tf.TensorSpec([None], "string", "examples")])
    def regress(self, examples):
        features = {"x": tf.io.FixedLenFeature([], tf.float32)}
        return {"outputs": tf.io.parse_example(examples, features)["x"] / 2 + 3}

    @tf.function(input_signature=[tf.TensorSpec([None], "string", "examples")])
    def classify(self, examples):
        features = {"caption": tf.io.FixedLenFeature([], tf.string)}
        caption = tf.io.parse_example(examples, features)["caption"]
        return {
            "classes": tf.stack([caption, tf.strings.upper(caption)], 1),
            "scores": tf.ones([tf.size(caption), 2]) / [[1.0, 4.0]],
        }

    @tf.function(
        input_signature=[
            tf.TensorSpec([None], "string", "tag"),
            tf.TensorSpec([None, 5], "float32", "signal"),
            tf.TensorSpec([None, 2, 2], "int32", "sensor"),
        ]
    )
    def echo(self, tag, signal, sensor):
        return {"tag": tag, "total": tf.reduce_sum(signal, 1), "sensor": sensor}

    @tf.function(input_signature=[tf.TensorSpec([None], "string", "text")])
    def blob(self, text):
        return {"data_bytes": tf.strings.join([text, text])}


def write(path):
    module = HalfPlusThree()
    signatures = {
        "serving_default": module.predict,
        "tensorflow/serving/regress": module.regress,
        "classify_objects": module.classify,
        "echo": module.echo,
        "blob": module.blob,
    }
    tf.saved_model.save(module, str(path), signatures=signatures)
