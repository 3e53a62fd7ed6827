"""The audit trail. Services call `record`; bulk paths write one entry for the whole."""

from typing import Any

from django.db.models import Model

from accounts.models import AuditEntry, User


def record(*, action: str, subject: Model, user: User | None = None, **details: Any) -> AuditEntry:
    """Write that `user` (None: the system itself) did `action` to `subject`. Details hold ids and reasons only."""
    return AuditEntry.objects.create(
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        user=user,
        details=details,
    )
