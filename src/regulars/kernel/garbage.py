"""Looking for garbage seldom: most of what is made here goes by itself."""

import atexit
import gc

# Objects made and not yet gone before Python looks for those that hold one another: more than a thousand
# events told at once, or a page of a file, leave for a moment. Its own 700 cost a quarter of the time.
LOOKED_FOR_AT = 50_000
OLDER_AFTER = (20, 50)


def look_seldom() -> None:
    """Tells Python to look for garbage seldom, and never again through what is loaded by now."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # what others made of C++ wants to be let go at the end
    gc.set_threshold(LOOKED_FOR_AT, *OLDER_AFTER)
