import pytest

from tests.factories import make_call


@pytest.mark.django_db
def test_one_number_has_one_call_in_flight():
    from django.db import IntegrityError

    call = make_call()
    with pytest.raises(IntegrityError, match="one_call_in_flight_a_number"):
        make_call(campaign=call.campaign, membership=call.membership, attempt_number=2)
