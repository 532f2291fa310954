"""Every block of docs/extending.md runs, on every backend."""

import pages


def test_blocks_run_in_order():
    page = pages.ROOT / "docs" / "extending.md"
    blocks = pages.blocks(page, "python")
    assert len(blocks) >= 8
    assert sum("assert" in block.text for block in blocks) >= 6
    namespace = {"__name__": "extending"}
    for block in blocks:
        # Errors show the line of the page.
        code = "\n" * (block.line - 1) + block.text
        exec(compile(code, block.page, "exec"), namespace)
