"""Resolve ``product.lock`` and ``developer.lock`` from ``pyproject.toml``.

Both are universal (every platform, Python 3.11 and later), pinned and hashed, and carry no index address.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
GROUPS = ("test", "check", "bench", "build")
OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--no-annotate",
    "--quiet",
)


def compile_lock(name: str, *selection: str) -> None:
    """Write one lock file."""
    command = ["uv", "pip", "compile", "pyproject.toml", *OPTIONS, *selection]
    output = ["--output-file", str(HERE / name)]
    subprocess.run([sys.executable, "-m", *command, *output], check=True, cwd=HERE.parent)  # noqa: S603


if __name__ == "__main__":
    groups = [f"--group={group}" for group in GROUPS]
    compile_lock("developer.lock", "--all-extras", *groups)
    compile_lock("product.lock", "--group=build", f"--constraints={HERE / 'developer.lock'}")
