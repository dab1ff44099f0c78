"""What all events of a repository share: whose body it is (quay facts §1.2)."""

from typing import Annotated, Any

from pydantic import AfterValidator, model_validator

from webhooks.kind import Payload
from webhooks.shapes.values import Name


def _both_parts(repository: str) -> str:
    namespace, _, name = repository.partition("/")
    if not (namespace and name):
        raise ValueError("should be namespace/name")
    return repository


class RepositoryPayload(Payload):
    """A body about one repository. Its namespace is the part before the first slash: names may hold more of them."""

    repository: Annotated[Name, AfterValidator(_both_parts)]

    @model_validator(mode="before")
    @classmethod
    def _put_together(cls, body: dict[str, Any]) -> dict[str, Any]:
        """Make up for a missing `repository` with `namespace` and `name`, which say the same."""
        namespace, name = body.get("namespace"), body.get("name")
        if body.get("repository") is None and isinstance(namespace, str) and isinstance(name, str):
            return {**body, "repository": f"{namespace}/{name}"}
        return body

    @property
    def namespace(self) -> str:
        """The organization or user that the repository belongs to."""
        return self.repository.partition("/")[0]
