from console.throttle import Throttle


def test_the_try_after_the_limit_waits_until_the_first_is_forgotten() -> None:
    now = [0.0]
    throttle = Throttle(limit=2, within=60, clock=lambda: now[0])
    assert [throttle.wait("a"), throttle.wait("a")] == [0, 0]
    now[0] = 20.0
    assert throttle.wait("a") == 40
    assert throttle.wait("b") == 0
    now[0] = 60.0
    assert throttle.wait("a") == 0


def test_who_waits_is_not_punished_for_asking_again() -> None:
    now = [0.0]
    throttle = Throttle(limit=1, within=60, clock=lambda: now[0])
    throttle.wait("a")
    now[0] = 59.0
    assert throttle.wait("a") == 1
    now[0] = 60.0
    assert throttle.wait("a") == 0


def test_a_crowd_of_names_does_not_fill_the_memory() -> None:
    throttle = Throttle(limit=1, within=60)
    for number in range(10_500):
        throttle.wait(str(number))
    assert len(throttle._seen) == 10_000
