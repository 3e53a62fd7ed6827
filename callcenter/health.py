"""Two questions of whoever watches the processes: are you alive, and can you do your work?"""

from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.exceptions import RedisError

from callcenter.redis_clients import impatient_redis

PROBE_SECONDS = 1


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked, so that a lost database does not restart the web."""
    return JsonResponse({"status": "alive"})


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Database and Redis answer and every migration is applied; else 503 with the reasons' codes."""
    reasons = [reason for reason in (_database_reason(), _redis_reason()) if reason]
    if reasons:
        return JsonResponse({"status": "not_ready", "reasons": reasons}, status=503)
    return JsonResponse({"status": "ready", "reasons": []})


def _database_reason() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "" if _migrations_are_applied() else "migrations_pending"
    except DatabaseError:
        return "database_unreachable"


def _migrations_are_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _redis_reason() -> str:
    try:
        _redis().ping()
    except RedisError:
        return "redis_unreachable"
    return ""


@cache
def _redis() -> Redis:
    return impatient_redis(PROBE_SECONDS)
