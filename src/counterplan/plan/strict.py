"""The base of everything that is read from a scenario file."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """No extra keys, no infinities, no quiet conversions, and nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
