"""How often people send friends."""

import numpy as np
import pytest

from regulars.insight.sender.rate import SendingRate, fit_sending_rate


def test_nobody_who_ever_sent_anybody_means_no_rate():
    rate = fit_sending_rate(np.zeros(5, np.int64), np.full(5, 10.0))
    assert rate == SendingRate(0.0, 0.0)
    assert rate.posterior_mean(np.zeros(2, np.int64), np.ones(2)).tolist() == [0, 0]


def test_the_rates_of_simulated_people_are_found_again():
    rng = np.random.default_rng(7)
    weeks = rng.uniform(1, 100, 200_000)
    friends = rng.poisson(rng.gamma(0.3, 1 / 20, 200_000) * weeks)
    rate = fit_sending_rate(friends, weeks)
    assert rate.shape == pytest.approx(0.3, rel=0.03)
    assert rate.scale_weeks == pytest.approx(20, rel=0.05)


def test_one_sender_among_many_is_believed_only_in_part():
    friends = np.zeros(1000, np.int64)
    friends[0] = 4
    rate = fit_sending_rate(friends, np.full(1000, 50.0))
    posterior = rate.posterior_mean(friends, np.full(1000, 50.0))
    assert 4 / 1000 / 50 < posterior[0] < 4 / 50 + 1e-9
    assert 0 <= posterior[1] < 4 / 1000 / 50


def test_where_everybody_sent_as_many_everybody_has_the_same_rate():
    friends = np.full(100, 2)
    rate = fit_sending_rate(friends, np.full(100, 20.0))
    assert rate.posterior_mean(friends, np.full(100, 20.0)) == pytest.approx(2 / 20, rel=1e-3)
    assert rate.posterior_mean(np.array([0]), np.array([20.0])) == pytest.approx(2 / 20, rel=1e-2)


def test_people_who_came_today_do_not_break_it():
    rate = fit_sending_rate(np.array([1, 0, 0]), np.zeros(3))
    assert np.isfinite(rate.posterior_mean(np.array([1, 0]), np.zeros(2))).all()
