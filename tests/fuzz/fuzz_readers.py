"""Fuzz the readers with atheris. Run by hand: python tests/fuzz/fuzz_readers.py -max_total_time=60

The first byte of an input chooses the reader, the rest is the file. The seeds are sound small
files in every layout. Anything but an InputError is a finding; libFuzzer writes the input that
led to it into the working directory.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


class Target:
    """The readers, with the folder that holds their files."""

    def __init__(self, folder: Path) -> None:
        from counterplan.errors import InputError
        from tests.economy.tables.samples import READERS, sample_bytes, write_samples

        self.folder = folder
        self.readers = list(READERS.values())
        self.samples = sample_bytes()
        self.refusal = InputError
        write_samples(folder)

    def __call__(self, content: bytes) -> None:
        """Hand one input to the reader that its first byte chooses."""
        if not content:
            return
        file, reader = self.readers[content[0] % len(self.readers)]
        path = self.folder / file
        path.write_bytes(content[1:])
        try:
            reader(path)
        except self.refusal:
            return
        finally:
            # Readers of several files need the others whole.
            path.write_bytes(self.samples[file])

    def write_seeds(self, folder: Path) -> None:
        """Write one sound input for each reader."""
        for i, (file, _) in enumerate(self.readers):
            (folder / f"seed{i}").write_bytes(bytes([i]) + self.samples[file])


def main() -> None:
    """Prepare the seeds and hand over to libFuzzer, with its options from the command line."""
    import atheris

    with TemporaryDirectory() as work, TemporaryDirectory() as seeds:
        with atheris.instrument_imports(include=["counterplan"]):
            target = Target(Path(work))
        target.write_seeds(Path(seeds))
        atheris.Setup([*sys.argv, "-rss_limit_mb=4096", seeds], target)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
