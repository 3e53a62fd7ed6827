"""Taking the contacts of a campaign's lists into the campaign."""

from datetime import datetime

from django.db import connection, transaction

from accounts import audit
from accounts.models import User
from callcenter import clock, live
from campaigns.models import Campaign, CampaignStatus
from campaigns.services.readiness import check_ready
from campaigns.services.status import lock, move

# Identifiers are UUIDv7 (RFC 9562) as everywhere, with a counter in the 24 bits behind the time, so that the contacts
# keep the order of their lists.
ENROL = """
    INSERT INTO campaigns_campaigncontact
        (id, campaign_id, contact_id, status, attempts, next_attempt_at, is_callback, reason, last_outcome, disposition)
    SELECT (
            lpad(to_hex(%(milliseconds)s::bigint), 12, '0')
            || '7' || lpad(to_hex((position >> 12) & 4095), 3, '0')
            || '8' || lpad(to_hex(position & 4095), 3, '0')
            || left(replace(gen_random_uuid()::text, '-', ''), 12)
        )::uuid, %(campaign)s, contact_id, 'pending', 0, %(now)s, false, '', '', ''
    FROM (
        SELECT listed.contact_id, row_number() OVER (ORDER BY min(listed.id)) AS position
        FROM contacts_contactlistmembership listed
        JOIN campaigns_campaign_lists chosen ON chosen.contactlist_id = listed.contact_list_id
        WHERE chosen.campaign_id = %(campaign)s AND NOT EXISTS (
            SELECT FROM campaigns_campaigncontact enrolled
            WHERE enrolled.campaign_id = %(campaign)s AND enrolled.contact_id = listed.contact_id
        )
        GROUP BY listed.contact_id
    ) AS newcomers
    ON CONFLICT (campaign_id, contact_id) DO NOTHING
"""


def enrol_contacts(*, campaign: Campaign, now: datetime) -> int:
    """Make a pending membership for each listed contact that has none; returns how many were made."""
    with connection.cursor() as cursor:
        cursor.execute(ENROL, {"campaign": campaign.pk, "now": now, "milliseconds": int(now.timestamp() * 1000)})
        return cursor.rowcount


def add_new_contacts(*, campaign: Campaign, user: User | None) -> int:
    """Take in who came onto the lists since the start. A finished campaign then waits, paused, to be resumed."""
    check_ready(campaign)
    with transaction.atomic():
        lock(campaign)
        added = enrol_contacts(campaign=campaign, now=clock.now())
        audit.record(action="campaign_contacts_added", subject=campaign, user=user, added=added)
        if added:
            move(campaign, from_=[CampaignStatus.FINISHED], to=CampaignStatus.PAUSED, user=user, finished_at=None)
        live.nudge(f"campaigns/{campaign.pk}", "home")
    return added
