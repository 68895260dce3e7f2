"""The keys of a local stack's emulator."""

import re
from pathlib import Path

import pytest

from tools.private_files import private, private_folder
from tools.stack import Settings, StackError
from tools.stack.account import AccountKeys, session


def test_each_stack_has_keys_of_its_own_which_it_keeps(tmp_path: Path) -> None:
    one, other = Settings(state_dir=tmp_path / "one"), Settings(state_dir=tmp_path / "other")
    keys = AccountKeys.make(one)

    assert AccountKeys.read(one) == keys
    assert AccountKeys.make(other) != keys
    assert re.fullmatch("[A-Z2-7]{20}", keys.access_key_id)
    assert len(keys.secret_access_key) == 40


def test_only_their_owner_may_read_them(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path / "state")
    AccountKeys.make(settings)

    assert settings.keys_file.stat().st_mode & 0o777 == 0o600
    assert settings.state_dir.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"access_key_id": "", "secret_access_key": ""}', '{"x": 1}'])
def test_a_damaged_file_holds_no_keys(tmp_path: Path, text: str) -> None:
    settings = Settings(state_dir=tmp_path)
    settings.keys_file.write_text(text)

    assert AccountKeys.read(settings) is None
    with pytest.raises(StackError, match="make up"):
        session(settings)


def test_calls_are_signed_with_them(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path)
    keys = AccountKeys.make(settings)

    signing = session(settings).get_credentials()

    assert signing is not None
    assert (signing.access_key, signing.secret_key) == (keys.access_key_id, keys.secret_access_key)


def test_the_programs_of_a_stack_get_its_keys_and_none_of_who_runs_it(tmp_path: Path) -> None:
    inherited = {"AWS_ACCESS_KEY_ID": "mine", "AWS_PROFILE": "mine", "PATH": "/bin"}

    assert not {"AWS_ACCESS_KEY_ID", "AWS_PROFILE"} & Settings(state_dir=tmp_path).environment(inherited).keys()


def test_a_file_and_a_folder_that_others_could_read_are_closed(tmp_path: Path) -> None:
    folder, file = tmp_path / "folder", tmp_path / "file"
    folder.mkdir(mode=0o755)
    file.touch(mode=0o644)

    private_folder(folder)
    with open(file, "w", encoding="utf-8", opener=private):
        pass

    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
