"""The workshop behind the pages for rule maintainers."""

from typing import Annotated

from fastapi import Depends, HTTPException

from console.room import Here
from console.workbench.workshop import Workshop


def workshop(here: Here) -> Workshop:
    """The workshop of this application; 404 where it runs without one."""
    if here.workshop is None:
        raise HTTPException(404, "De regels worden hier niet beheerd.")
    return here.workshop


Shop = Annotated[Workshop, Depends(workshop)]
