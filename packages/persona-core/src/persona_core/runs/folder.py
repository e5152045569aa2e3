"""A run folder's life: it is whole or absent.

It is written as `<folder>.partial`, which one process holds, and renamed at the end. What a model answered is in the
journal in there, and a folder with a journal is taken up, whether it became whole or not.
"""

from __future__ import annotations

import errno
import filecmp
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from persona_core.errors import GenerationError, LoadError, RunFolderError
from persona_core.runs.contents import read_manifest, read_personas
from persona_core.runs.locking import LOCK, held, sweep

JOURNAL = "journal.jsonl"
_PARTIAL = ".partial"


@contextmanager
def run_folder(folder: Path, *, force: bool = False, resume: bool = False) -> Iterator[Path]:
    """Give `<folder>.partial` to write into, and put it in place when the block ends well.

    Whatever goes wrong, the folder is whole or absent; with `force` an old one stays until then. With `resume` the
    journal of a run is taken up: of one that was broken off, else of a whole one, which is replaced by what was made
    now and keeps whatever else lies in it. Raises RunFolderError where something stands in the way, is not there or
    cannot be written, or another process writes it; GenerationError where a whole one that is taken up holds more
    personas than were made now, unless `force` says that these are wanted.
    """
    folder = _whole(folder) if resume else folder.absolute()
    _refuse_what_is_in_the_way(folder, force=force, resume=resume)
    made = [parent for parent in folder.parents if not parent.exists()]
    try:
        with _alone(folder):
            yield from _written(folder, force=force, resume=resume)
    finally:
        if not folder.exists():
            for parent in made:
                with suppress(OSError):
                    parent.rmdir()


@dataclass(slots=True)
class Revising:
    """A run folder while it is revised."""

    partial: Path
    """To write into; it takes the place of the run."""
    keep: set[str] = field(default_factory=set)
    """Files that are carried over, where they are not written anew, by their paths in the folder."""
    seen: Mapping[str, tuple[int, ...]] | None = None
    """What lay in the folder, `looked_at`, when it was decided what of it to keep."""


@contextmanager
def revised_folder(folder: Path) -> Iterator[Revising]:
    """Give `<folder>.partial` to write into, which takes the place of a whole run when the block ends well.

    Of what else lies in the folder only the files to `keep` are carried over. Whatever goes wrong, the run is as it was
    or revised. Raises RunFolderError as `run_folder` does, where a run was broken off beside it, and where something
    came into the folder after it was `seen`.
    """
    folder = _whole(folder)
    revising = Revising(_partial(folder))
    with _alone(folder):
        _tidy(folder)
        if left_over(folder):
            raise RunFolderError(
                f"{revising.partial} holds what a model answered in a run that was broken off: delete it first, or finish that run"
            )
        read_manifest(folder)
        _refuse_what_could_not_be_deleted(folder)
        _empty(revising.partial)
        try:
            yield revising
            _copy(folder, revising.partial, revising.keep)
            _sync(revising.partial)
            _put_in_place(revising.partial, folder, revising.seen)
        except BaseException:
            shutil.rmtree(revising.partial, ignore_errors=True)
            raise


def looked_at(folder: Path) -> dict[str, tuple[int, ...]]:
    """What lies in a folder, by path in it: sizes and times of files, so that what came or changed since is found."""
    found: dict[str, tuple[int, ...]] = {}
    for each in sorted(folder.rglob("*")):
        if each.name != LOCK and (each.is_symlink() or not each.is_dir()):
            told = each.lstat()
            found[each.relative_to(folder).as_posix()] = (told.st_size, told.st_mtime_ns, told.st_ino)
    return found


@contextmanager
def alone_soon(folder: Path, seconds: float) -> Iterator[None]:
    """Hold a run folder as soon as nobody else does; after so many seconds, or where it cannot be held, go on without."""
    until = time.monotonic() + seconds
    with ExitStack() as stack:
        if folder.is_dir():
            stack.callback(sweep, _partial(folder))
        while folder.is_dir():
            try:
                stack.enter_context(held(_partial(folder)))
            except RunFolderError:
                if time.monotonic() >= until:
                    break
                time.sleep(0.05)
            except OSError:
                break
            else:
                break
        yield


def settle(folder: Path) -> None:
    """Bring a run folder to an end of what a process that ended left half done: put back, or put in place.

    Raises RunFolderError where that cannot be done, or the folder is a partial one.
    """
    folder = folder.absolute()
    if folder.name.endswith(_PARTIAL):
        raise RunFolderError(f"{folder} is no whole run: finish it with --resume, or delete it")
    if _aside(folder).exists():
        with _alone(folder):
            _tidy(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the partial folder; what the system says against it is an error of ours."""
    try:
        with held(_partial(folder)):
            yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        left = "as it was" if folder.exists() else "absent"
        raise RunFolderError(f"{folder} could not be written, and is {left}: {reason}") from error
    finally:
        sweep(_partial(folder))


def journal_of(folder: Path) -> Path | None:
    """The journal that `resume` would take up; nothing where there is none with something in it."""
    whole = _whole(folder)
    journals = (each / JOURNAL for each in (_partial(whole), whole))
    return next((each for each in journals if _holds_something(each)), None)


def left_over(folder: Path) -> Path | None:
    """The partial folder that a run left behind because a model's answers are in it, where it did."""
    partial = _partial(_whole(folder))
    return partial if _holds_something(partial / JOURNAL) else None


def _whole(folder: Path) -> Path:
    """A run folder's own name, where that of its partial folder may have been given."""
    folder = folder.absolute()
    return folder.with_name(folder.name.removesuffix(_PARTIAL))


def _partial(folder: Path) -> Path:
    return folder.with_name(folder.name + _PARTIAL)


def _aside(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.replaced{_PARTIAL}")


def _holds_something(journal: Path) -> bool:
    return journal.is_file() and journal.stat().st_size > 0


def _written(folder: Path, *, force: bool, resume: bool) -> Iterator[Path]:
    """Give the partial folder, which is held, and put it in place; else leave of it what was paid for."""
    partial = _partial(folder)
    try:
        _tidy(folder)
        _refuse_what_is_in_the_way(folder, force=force, resume=resume)  # it may have come since
        _prepare(folder, resume=resume)
        yield partial
        if resume and folder.exists():
            _refuse_fewer(folder, force=force)
            _carry_over(folder, partial)
        _sync(partial)
        _put_in_place(partial, folder)
    except BaseException:
        if not _worth_keeping(partial / JOURNAL, folder / JOURNAL):
            shutil.rmtree(partial, ignore_errors=True)
        raise


def _refuse_what_is_in_the_way(folder: Path, *, force: bool, resume: bool) -> None:
    if resume and journal_of(folder) is None:
        raise RunFolderError(f"{folder} is no run that can be taken up: there is no journal in it")
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not force and not resume:
        raise RunFolderError(f"{folder} exists already: give another folder, or --force to replace it")
    try:
        read_manifest(folder)
    except RunFolderError as error:
        raise RunFolderError(
            f"{folder} is no run folder, and is not replaced: give another folder"
        ) from error


def _refuse_what_could_not_be_deleted(folder: Path) -> None:
    """Refuse a folder that could be put aside and not be deleted: then what was to go would still lie there."""
    for each, _, _ in os.walk(folder):
        if not os.access(each, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), each)


def _prepare(folder: Path, *, resume: bool) -> None:
    """Empty the partial folder but for the journal that is taken up, which may come from the whole one."""
    partial = _partial(folder)
    if left_over(folder) and not resume:
        raise RunFolderError(
            f"{partial} holds a run that was broken off: take it up with --resume {folder}, delete it, "
            "or give another folder"
        )
    if not (resume and left_over(folder)):
        _empty(partial)
    if resume and not left_over(folder):
        copy = partial / f"{JOURNAL}.copy"
        shutil.copyfile(folder / JOURNAL, copy)
        copy.chmod(0o600)
        copy.rename(partial / JOURNAL)  # half a journal would be taken for all of it


def _empty(partial: Path) -> None:
    for each in partial.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        elif each.name != LOCK:
            each.unlink()


def _refuse_fewer(folder: Path, *, force: bool) -> None:
    new, old = _count(_partial(folder)), _count(folder)
    if new < old and not force:
        raise GenerationError(
            f"{new} personas could be made this time, and {folder} holds {old}: it stays as it was"
        )


def _count(folder: Path) -> int:
    with suppress(LoadError):
        return len(read_personas(folder).personas)
    return 0


def _copy(folder: Path, partial: Path, names: Iterable[str]) -> None:
    """Copy files of a whole folder, named by their paths in it, that were not made anew."""
    for name in sorted(names):
        if not (partial / name).exists():
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / name, partial / name, follow_symlinks=False)


def _carry_over(folder: Path, partial: Path) -> None:
    """Copy what lies in a whole folder and was not made anew: somebody put it there."""
    for each in folder.iterdir():
        if (partial / each.name).exists() or each.name == LOCK:
            continue
        if each.is_dir() and not each.is_symlink():
            shutil.copytree(each, partial / each.name, symlinks=True)
        else:
            shutil.copy2(each, partial / each.name, follow_symlinks=False)


def _worth_keeping(partial: Path, whole: Path) -> bool:
    """Whether a partial folder's journal holds answers, which were paid for, that the whole one's does not."""
    return _holds_something(partial) and not (whole.exists() and filecmp.cmp(partial, whole, shallow=False))


def _sync(folder: Path) -> None:
    """Ask that a folder's list of names be on disk, where the system knows that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _put_in_place(partial: Path, folder: Path, seen: Mapping[str, tuple[int, ...]] | None = None) -> None:
    """Rename the partial folder; an old one is put aside before and deleted after, or put back."""
    aside = _aside(folder)
    try:
        if folder.exists():
            shutil.rmtree(aside, ignore_errors=True)
            folder.rename(aside)
            _refuse_what_came(aside, folder, seen)
        partial.rename(folder)
    except BaseException:
        _put_back(folder)
        raise
    # Now, and not before: it kept others out until the name was taken.
    (folder / LOCK).unlink(missing_ok=True)
    _sync(folder.parent)
    shutil.rmtree(aside, ignore_errors=True)


def _refuse_what_came(aside: Path, folder: Path, seen: Mapping[str, tuple[int, ...]] | None) -> None:
    """Refuse a folder in which something lies that nobody looked at: it is out of reach now, so nothing more can come."""
    if seen is None or looked_at(aside) == seen:
        return
    raise RunFolderError(f"something was written into {folder} meanwhile, and it stays as it is: try again")


def _tidy(folder: Path) -> None:
    """Put an old folder back where nothing took its place, else delete it."""
    _put_back(folder)
    if _aside(folder).exists():
        with suppress(FileNotFoundError):  # who put it aside may be deleting it now
            shutil.rmtree(_aside(folder))
        (folder / LOCK).unlink(missing_ok=True)


def _put_back(folder: Path) -> None:
    """Give an old folder its name back, where a process ended between putting it aside and replacing it."""
    if _aside(folder).exists() and not folder.exists():
        _aside(folder).rename(folder)
