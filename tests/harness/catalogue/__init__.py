"""One entry for every public class and architecture: how a test makes a small one.

The names come from the package itself. A public name without an entry fails
`test_every_public_name_has_an_entry`, which says what to add. A key is the name
alone, or `"Name: what is special"` for a further case.
"""
