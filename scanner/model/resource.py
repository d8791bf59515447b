"""One thing that exists in code, a manifest or an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scanner.model.location import Location
from scanner.model.path import Found, lookup
from scanner.model.value import Value


class Origin(StrEnum):
    """What kind of source a resource was read from."""

    TERRAFORM = "terraform"
    PLAN = "plan"
    STATE = "state"
    MANIFEST = "manifest"
    AWS = "aws"
    AZURE = "azure"
    KUBERNETES = "kubernetes"


@dataclass(slots=True, eq=False)
class Resource:
    """A resource in Terraform's vocabulary (or a manifest's own kind).

    type        `aws_db_instance`; `data.aws_iam_policy_document` for data sources; `provider.aws` for a provider
                configuration, `terraform.backend` for a backend
    address     unique in its root: `module.data.aws_db_instance.main[0]`
    attributes  an object Value; a nested block is a list of objects. Lazy in the Terraform source. Terraform's
                meta-arguments are ordinary names here (`lifecycle`, `depends_on`), and `provider` is an object: the
                attributes of the provider configuration that the resource uses
    location    its header line
    root        the root module (directory) or account that it belongs to
    undecided   set where it is not known whether, or how often, the resource exists (count or for_each unknown)
    """

    type: str
    address: str
    attributes: Value
    location: Location | None
    origin: Origin = Origin.TERRAFORM
    root: str = ""
    undecided: Value | None = None
    identity: Mapping[str, str] = field(default_factory=dict)

    def lookup(self, path: str) -> list[Found]:
        """Everything that `path` reaches; absent values are placed at the nearest enclosing block."""
        return lookup(self.attributes, path)
