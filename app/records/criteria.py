"""What a person looks for, validated."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Criteria(BaseModel):
    """Which companies, and whom there. Every key is optional; {} is everything a source holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: str = ""
    pms: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    units_min: int | None = Field(default=None, ge=0)
    units_max: int | None = Field(default=None, ge=0)
    keywords: tuple[str, ...] = ()
    exclude_domains: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _units_in_order(self) -> Self:
        if self.units_min is not None and self.units_max is not None:
            if self.units_min > self.units_max:
                raise ValueError("units_min is above units_max")
        return self
