"""Random productive economies for the property tests."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

Array = NDArray[np.float64]


@st.composite
def productive_coefficients(draw: st.DrawFn, *, size_max: int = 12) -> Array:
    """Draw A >= 0 with a chosen spectral radius below one and a chosen density, in odd units."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.integers(1, size_max))
    density = draw(st.floats(0.0, 1.0))
    radius = draw(st.floats(0.0, 0.95))
    coefficients = generator.random((size, size)) * (generator.random((size, size)) < density)
    largest = float(np.abs(np.linalg.eigvals(coefficients)).max())
    if largest > 1e-6:
        coefficients *= radius / largest
    units = np.exp(generator.uniform(-3.0, 3.0, size))
    return coefficients * units / units[:, np.newaxis]
