"""In CI a skipped test is a failed one; an expected failure is not."""

import pytest

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "tests.no_skips")
BODIES = {
    "skips_itself": "import pytest\ndef test_it():\n    pytest.skip('no tables here')\n",
    "is_marked": (
        "import pytest\n@pytest.mark.skip(reason='no tables here')\ndef test_it():\n    pass\n"
    ),
    "module_skips": "import pytest\npytest.skip('no tables here', allow_module_level=True)\n",
}
FAILS_AS_EXPECTED = "import pytest\n@pytest.mark.xfail\ndef test_it():\n    assert False\n"


@pytest.fixture(autouse=True)
def _no_other_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def assert_failed_with_reason(result: pytest.RunResult) -> None:
    assert result.ret in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED)
    text = result.stdout.str()
    assert "skipped where nothing may be skipped" in text
    assert "no tables here" in text


@pytest.mark.parametrize("body", BODIES)
def test_a_skip_fails_with_its_reason(pytester: pytest.Pytester, body: str) -> None:
    pytester.makepyfile(test_body=BODIES[body])

    assert_failed_with_reason(pytester.runpytest_inprocess(*PLUGIN))


def test_the_plugin_reaches_the_workers(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_body=BODIES["skips_itself"])

    assert_failed_with_reason(pytester.runpytest_inprocess(*PLUGIN, "-p", "xdist", "-n", "1"))


@pytest.mark.parametrize("body", BODIES)
def test_without_the_plugin_a_skip_stays_a_skip(pytester: pytest.Pytester, body: str) -> None:
    pytester.makepyfile(test_body=BODIES[body])

    assert "1 skipped" in pytester.runpytest_inprocess().stdout.str()


def test_an_expected_failure_is_left_alone(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_body=FAILS_AS_EXPECTED)

    result = pytester.runpytest_inprocess(*PLUGIN)

    assert result.ret == pytest.ExitCode.OK
    assert "1 xfailed" in result.stdout.str()
