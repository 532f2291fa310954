"""`keras-gan publish`."""

import click

from keras_gan_cli.sources import open_whole, preset_of, source_argument


@click.command()
@source_argument
@click.argument("address", metavar="hf://USER/NAME")
@click.option("--description", help="What the model is, for its page.")
@click.option("--data", help="What it was trained on. Default: the run's data set.")
@click.option("--licence", help="The licence of the weights, such as CC-BY-4.0.")
@click.option("--private", is_flag=True, help="Make a new repository private.")
@click.option("--overwrite", is_flag=True, help="Replace the model that is there.")
def publish(source, address, description, data, licence, private, overwrite):
    """Upload the model of SOURCE to the Hugging Face hub.

    SOURCE is the folder of a run or a .keras file. The page of the model gets a
    picture, the settings, and what the run measured. Anybody can then draw images:
    keras-gan generate hf://USER/NAME. Needs: pip install "keras-gan[hub]", and a login
    by `hf auth login`.
    """
    from keras_gan import hub

    hub.parse(address)
    model, run = open_whole(source)
    if not hasattr(model, "save_to_preset"):
        raise ValueError(
            f"{source!r} holds a generator alone. Name the folder of a "
            "run, or a .keras file of a whole model."
        )
    preset = preset_of(source, run)
    card = {"description": description, "data": data, "licence": licence}
    if preset is not None:
        trained_on = preset.dataset if isinstance(preset.dataset, str) else None
        card["data"] = data or trained_on
        card["training"] = f"`keras-gan train {preset.name}`"
    if run is not None:
        card["metrics"] = run.measured()
    where = model.save_to_preset(
        address, overwrite, card=card, private=True if private else None
    )
    click.echo(f"Published as {where}")
