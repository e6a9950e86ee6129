"""How a process of the server looks for garbage."""

import gc

# A page of two thousand rows makes some fifty thousand objects and lets go of them by itself.
OBJECTS_BEFORE_A_LOOK = 50_000


def settle() -> None:
    """To be called once all is imported. Python looks for garbage among all objects there are, and
    what was imported never is any: such looks cost a large page as much as the page itself."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_A_LOOK, 10, 10)
