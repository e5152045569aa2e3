"""Servers and workers that share a PostgreSQL database: killed, frozen, cut off, the database with them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from functools import partial

import httpx
import psycopg
import pytest
from e2e.cluster import sharing
from postgres import PostgresServer
from serving import study, until
from serving.evidence import ENDS, ended_once, journalled, key_of, rows, statuses, told

_TAKEN_OVER = 15.0
"""Seconds until another worker has the job of one that died: 7 as a rule, 10 on a machine that does nothing else."""
_PERSONAS = 2


@pytest.fixture
def cluster(postgres, model, tmp_path):
    """Nobody yet, on a new database."""
    with sharing(postgres, model, tmp_path) as cluster:
        yield cluster


def asked(number=1):
    """A job of a model whose name no other job's has."""
    return study(_PERSONAS, model=f"openai/job-{number}", options={"concurrency": 1})


def attempts(server, job):
    """How often a job was begun."""
    return dict(rows(server, "SELECT id, attempt FROM jobs"))[job]


def queued(server):
    """How many places of jobs there are in the queue."""
    return rows(server, "SELECT count(*) FROM procrastinate_jobs")[0][0]


def kept_then(server, model):
    """What was journalled by now, and how many requests had come by then: none of the later ones may ask for it."""
    held = set(journalled(server))
    return held, len(model.requests)


def nothing_asked_again(model, held, asked_by_then):
    """Assert that no later request asks what was journalled."""
    assert not held & {key_of(request) for request in model.requests[asked_by_then:]}


def has_ended_once(server, job, personas=_PERSONAS):
    """Assert that a job is completed, was told of without a gap, and is in no queue any more."""
    assert server.wait(job, patience=90)["status"] == "completed"
    ended_once(told(server)[job], personas)
    until(lambda: queued(server) == 0)


def test_any_server_tells_what_any_worker_does(cluster):
    """A job given to one server is followed at another while a third process runs it, event by event."""
    one, other = cluster.server(), cluster.server()
    cluster.model.latency = 0.4
    job = one.post_job(asked())["id"]
    came, first = [], threading.Event()

    def follow():
        with other.client() as client, client.stream("GET", f"generate/{job}/events") as answer:
            for line in answer.iter_lines():
                if line.startswith("id: "):
                    came.append((int(line[4:]), time.monotonic()))
                    first.set()

    follower = threading.Thread(target=follow)
    follower.start()
    cluster.worker()
    assert first.wait(30)
    assert other.job(job)["status"] == "running"
    has_ended_once(one, job)
    follower.join(10)
    assert [number for number, _ in came] == list(range(1, len(told(one)[job]) + 1))
    assert came[-1][1] - came[0][1] > 0.5, "all came at once, at the end"


def in_the_middle(cluster, server):
    """A job some of whose answers are kept, while the next one does not come."""
    job = server.post_job(asked())["id"]
    until(lambda: journalled(server), 60)
    cluster.model.latency = 60
    until(lambda: cluster.model.in_flight)
    return job


def test_a_worker_that_is_killed(cluster):
    """Another soon has its job, and asks nothing that was answered."""
    server, worker = cluster.server(), cluster.worker()
    job = in_the_middle(cluster, server)
    cluster.worker()
    worker.kill()
    held, then = kept_then(server, cluster.model)
    assert until(lambda: attempts(server, job) == 2) < _TAKEN_OVER
    cluster.model.latency = 0.05
    has_ended_once(server, job)
    nothing_asked_again(cluster.model, held, then)


def test_server_and_worker_killed_at_once(cluster):
    """A new pair goes on where they were."""
    server, worker = cluster.server(), cluster.worker()
    job = in_the_middle(cluster, server)
    server.kill()
    worker.kill()
    held, then = kept_then(server, cluster.model)
    cluster.model.latency = 0.05
    server.start()
    cluster.worker()
    has_ended_once(server, job)
    nothing_asked_again(cluster.model, held, then)


def test_a_worker_that_is_frozen(cluster):
    """When it wakes, its job is another's or done: what it still wants to write is refused, and it goes on with others."""
    server, worker = cluster.server(), cluster.worker()
    job = in_the_middle(cluster, server)
    worker.pause()
    other = cluster.worker()
    assert until(lambda: attempts(server, job) == 2) < _TAKEN_OVER
    cluster.model.latency = 0.05
    has_ended_once(server, job)
    before = told(server)[job]
    worker.resume()
    assert other.stop() == 0
    has_ended_once(server, server.post_job(study(1))["id"], 1)
    assert told(server)[job] == before


def test_a_worker_that_is_cut_off(cluster):
    """A network that swallows everything: others go on, and once it is whole so does the worker."""
    server = cluster.server()
    worker, way = cluster.cut_off()
    job = in_the_middle(cluster, server)
    way.frozen = True
    other = cluster.worker()
    assert until(lambda: attempts(server, job) == 2) < _TAKEN_OVER
    cluster.model.latency = 0.05
    has_ended_once(server, job)
    before = told(server)[job]
    way.frozen = False
    assert other.stop() == 0
    has_ended_once(server, server.post_job(study(1))["id"], 1)
    assert told(server)[job] == before
    assert worker.stop() == 0


def test_a_database_that_is_killed_and_comes_back(model, tmp_path):
    """Meanwhile servers say so; then every job ends once, and what was answered is not asked again."""
    with PostgresServer() as postgres, sharing(postgres, model, tmp_path) as cluster:
        server = cluster.server()
        cluster.worker(2)
        jobs = [server.post_job(asked(number))["id"] for number in range(3)]
        until(lambda: journalled(server), 60)
        held, then = kept_then(server, model)
        postgres.kill()
        with server.client() as client:
            assert client.get("health").status_code == 200
            for path in ("ready", f"generate/{jobs[0]}"):
                answer = client.get(path)
                assert answer.status_code == 503, answer.text
                assert answer.headers["content-type"] == "application/problem+json"
            assert client.post("generate", json=study(1)).status_code == 503
        postgres.start()
        for job in jobs:
            has_ended_once(server, job)
        nothing_asked_again(model, held, then)
        assert until(lambda: server.post_job(study(1))) < 10


def test_cancelling_from_another_process(cluster):
    """The model sees at once that nobody waits any more, and nothing is told after the end."""
    server = cluster.server()
    cluster.worker()
    cluster.model.fault = "hang"
    job = server.post_job(asked())["id"]
    until(lambda: cluster.model.in_flight, 60)
    with server.client() as client:
        assert client.post(f"generate/{job}/cancel").json()["status"] == "cancelled"
    assert until(lambda: not cluster.model.in_flight) < 3
    time.sleep(0.5)
    assert [kind for _, kind, _ in told(server)[job] if kind in ENDS] == ["generation.cancelled"]
    assert attempts(server, job) == 1
    until(lambda: queued(server) == 0)


def test_so_many_at_once(cluster):
    """A worker runs as many jobs as it is told to, and no more."""
    server = cluster.server()
    cluster.worker(3)
    cluster.model.latency = 0.3
    jobs = [server.post_job(asked(number))["id"] for number in range(6)]
    most = 0
    while any(status != "completed" for status in statuses(server).values()):
        most = max(most, list(statuses(server).values()).count("running"))
        time.sleep(0.02)
    assert most == 3
    for job in jobs:
        has_ended_once(server, job)


def all_at_once(*functions):
    """What functions give that are called side by side."""
    found = []
    threads = [threading.Thread(target=lambda each=each: found.append(each())) for each in functions]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == len(functions)
    return found


def test_the_same_request_to_two_servers_at_once(cluster):
    """One Idempotency-Key is one job, whoever hears it first."""
    servers = [cluster.server(), cluster.server()]
    for number in range(5):
        key = {"Idempotency-Key": f"the same {number}"}
        answers = all_at_once(*(partial(each.post_job, study(1), **key) for each in servers * 4))
        assert len({each["id"] for each in answers}) == 1
    assert len(statuses(servers[0])) == 5


def test_requests_are_counted_together(cluster):
    """What a key asked one server it may not ask the next one anew."""
    servers = [cluster.server(PERSONA_RATE_LIMIT="10") for _ in range(2)]
    codes = []
    for each in servers * 8:
        with each.client() as client:
            answer = client.get("generate")
        codes.append(answer.status_code)
    assert codes[:10] == [200] * 10
    assert 429 in codes[10:]
    assert answer.headers["RateLimit-Policy"].startswith('"key";q=10')


def test_jobs_go_when_their_time_is_up(cluster):
    """Whoever is there deletes them, and whoever else is there knows nothing of them any more."""
    one = cluster.server(1, PERSONA_RETENTION="2s")
    other = cluster.server(PERSONA_RETENTION="2s")
    job = one.post_job(study(1))["id"]
    assert one.wait(job)["status"] == "completed"
    until(lambda: told(one) == {}, 20)
    with other.client() as client:
        assert client.get(f"generate/{job}").status_code == 404
    assert rows(one, "SELECT count(*) FROM sources") == [(0,)]


def test_starting_together(cluster):
    """Several that find an empty database make its tables once."""
    found = all_at_once(*[partial(cluster.server, 1)] * 4)
    assert found[0].wait(found[3].post_job(study(1))["id"])["status"] == "completed"


def test_beside_a_later_version(cluster):
    """A migration of the same era only adds: those of before go on, and can be started again; a new era's refuse."""
    server, worker = cluster.server(), cluster.worker()
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE jobs ADD COLUMN colour text DEFAULT 'blue' NOT NULL")
        connection.execute("CREATE TABLE moods (job varchar(40) REFERENCES jobs(id) ON DELETE CASCADE)")
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    has_ended_once(server, server.post_job(study(1))["id"], 1)
    for each in (worker, server):
        each.kill()
        each.start()
    job = server.post_job(study(1))["id"]
    has_ended_once(server, job, 1)
    with server.client() as client:
        assert client.delete(f"generate/{job}").status_code == 204
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '1000'")
    assert "newer version (1000)" in refused(server.database_url)


def test_without_a_key_for_secrets(cluster):
    """Webhooks are refused with what to do, and jobs are done."""
    del cluster.settings["PERSONA_SECRET_KEY_FILE"]
    server = cluster.server(1)
    with server.client() as client:
        answer = client.post("webhooks", json={"url": "http://127.0.0.1:8080/"})
    assert answer.status_code == 422
    assert "--secret-key-file" in answer.json()["detail"]
    has_ended_once(server, server.post_job(study(1))["id"], 1)


def test_through_a_socket(cluster):
    """`?host=` names the folder of PostgreSQL's Unix socket."""
    url = cluster.postgres.socket_url(cluster.name)
    server = cluster.server(1, PERSONA_DATABASE_URL=url)
    assert server.wait(server.post_job(study(1))["id"])["status"] == "completed"


def test_fair_between_keys(cluster, installed):
    """Whoever asks for little does not wait for whoever asks for much; within a key it is first come, first served."""
    server = cluster.server()
    done = [
        installed("keys", "create", name, "--database", server.database_url) for name in ("much", "little")
    ]
    much, little = (each.stdout.strip() for each in done)
    first = [server.post_job(study(1), key=much)["id"] for _ in range(8)]
    then = [server.post_job(study(1), key=little)["id"] for _ in range(2)]
    cluster.worker(1)
    for job, key in [*((job, much) for job in first), *((job, little) for job in then)]:
        assert server.wait(job, key)["status"] == "completed"
    order = [job for (job,) in rows(server, "SELECT id FROM jobs ORDER BY started_at")]
    assert [job for job in order if job in first] == first
    assert [job for job in order if job in then] == then
    assert max(order.index(job) for job in then) <= 4


def refused(url, *arguments):
    """What a server says that does not start on a database, or a worker."""
    done = subprocess.run(
        [sys.executable, *(arguments or ("-m", "persona_api"))],
        env={**os.environ, "PERSONA_API_PORT": "0", "PERSONA_DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_databases_that_cannot_be_used(postgres):
    """Each is one sentence that says what is wrong, and never the password."""
    unknown = refused(f"postgresql://persona:swordfish@127.0.0.1:{postgres.port}/nowhere")
    assert "nowhere" in unknown
    away = refused("postgresql://persona:swordfish@127.0.0.1:1/persona")
    assert "refused" in away
    assert "mysql" in refused("mysql://persona:swordfish@127.0.0.1/persona")
    assert "sqlite:///FILE" in refused("swordfish")
    here = f"127.0.0.1:{postgres.port}"
    odd = [
        refused(each)
        for each in (
            "swordfish",
            "postgresql://persona:swordfish@127.0.0.1:abc/persona",
            "postgresql://u:sword@fish:swordfish@127.0.0.1/persona",
            f"postgresql://persona@{here}/postgres?swordfish=1",
            f"postgresql://persona@{here}/nowhere?password=swordfish",
        )
    ]
    for said in (unknown, away, *odd):
        assert "swordfish" not in said
        assert len(said.splitlines()) == 1


def test_addresses_that_can_be_used(cluster):
    """Options of PostgreSQL's own, another name of the kind, and a password with every character."""
    plain = cluster.settings["PERSONA_DATABASE_URL"]
    for url in (
        plain.replace("postgresql:", "postgres:"),
        plain.replace("persona@", "persona:a%20b%40c%2F@"),
        f"{plain}?application_name=persona%20one&sslmode=prefer",
    ):
        server = cluster.server(1, PERSONA_DATABASE_URL=url)
        assert server.wait(server.post_job(study(1))["id"])["status"] == "completed"
        assert server.stop() == 0


def test_odd_numbers_and_ids(cluster):
    """What PostgreSQL would not take is told as what it is."""
    server = cluster.server()
    with server.client() as client:
        assert client.get("generate/job_%00abc").status_code == 404
        assert client.get("generate/job_x/events?after=2147483648").status_code in {404, 422}
        job = server.post_job(study(1))["id"]
        assert client.get(f"generate/{job}/events?after=2147483648").status_code == 422
    alone = (
        "import sys; sys.modules['psycopg'] = None; from persona_api.__main__ import main; sys.exit(main())"
    )
    assert "persona-api[postgres]" in refused("postgresql://127.0.0.1/persona", "-c", alone)


def test_a_worker_wants_a_database_that_is_shared(installed, tmp_path):
    """On SQLite the server runs its jobs itself; a concurrency of 0 is a server's on PostgreSQL."""
    done = installed("worker", "--database", f"sqlite:///{tmp_path / 'persona.db'}")
    assert done.returncode == 3
    assert "postgresql://" in done.stderr
    assert "at least 1" in installed("serve", "--concurrency", "0").stderr
    assert "at least 1" in installed("worker", "--database", "postgresql:///x", "--concurrency", "0").stderr


def test_a_front_takes_requests_while_nobody_works(cluster):
    """They wait, and are not lost."""
    server = cluster.server()
    job = server.post_job(study(1))["id"]
    time.sleep(1)
    assert server.job(job)["status"] == "pending"
    with pytest.raises(httpx.HTTPStatusError), server.client() as client:
        client.delete(f"generate/{job}").raise_for_status()
    cluster.worker()
    has_ended_once(server, job, 1)


def test_a_database_that_is_away_for_longer(model, tmp_path):
    """A worker all of whose places are taken believes in itself again afterwards, and so do the others."""
    with PostgresServer() as postgres, sharing(postgres, model, tmp_path) as cluster:
        server = cluster.server()
        cluster.worker(1)
        model.latency = 14
        job = server.post_job(asked())["id"]
        until(lambda: model.in_flight, 60)
        postgres.kill()
        time.sleep(8)
        postgres.start()
        model.latency = 7  # longer than a worker may be silent
        has_ended_once(server, job)
        assert attempts(server, job) <= 4


def test_a_job_of_a_later_version(cluster):
    """Who does not understand it leaves it to others, and does what it understands meanwhile."""
    server = cluster.server()
    job = server.post_job(study(1))["id"]
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute(
            """UPDATE jobs SET request = jsonb_set(request::jsonb, '{colour}', '"blue"')::text WHERE id = %s""",
            [job],
        )
    worker = cluster.worker()
    has_ended_once_beside(server, server.post_job(study(1))["id"])
    until(lambda: "/colour" in worker.log)
    assert server.job(job)["status"] in {"pending", "running"}
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute("UPDATE jobs SET request = (request::jsonb - 'colour')::text WHERE id = %s", [job])
    has_ended_once(server, job, 1)


def has_ended_once_beside(server, job):
    """Assert that a job is completed and was told of without a gap, whatever else there is."""
    assert server.wait(job, patience=90)["status"] == "completed"
    ended_once(told(server)[job], 1)


def test_a_worker_that_may_less(cluster):
    """It leaves the job of a model to one that may ask it."""
    server = cluster.server()
    poor = cluster.worker(PERSONA_ALLOW_MODEL="")
    job = server.post_job(asked())["id"]
    until(lambda: "is not allowed in this process" in poor.log, 30)
    assert server.job(job)["status"] in {"pending", "running"}
    cluster.worker()
    has_ended_once(server, job)


def test_a_webhook_that_is_deleted_while_a_job_ends(cluster):
    """Its delivery is not written, and the job ends as if it had not been there."""
    server = cluster.server()
    with server.client() as client:
        hook = client.post("webhooks", json={"url": "http://127.0.0.1:8080/"}).json()["id"]
    with psycopg.connect(server.database_url) as deleting:
        deleting.execute("DELETE FROM webhooks WHERE id = %s", [hook])
        cluster.worker()
        job = server.post_job(study(1))["id"]
        until(lambda: statuses(server)[job] == "running")
        time.sleep(0.5)
    has_ended_once(server, job, 1)
    assert attempts(server, job) == 1
    assert rows(server, "SELECT count(*) FROM deliveries") == [(0,)]


def test_asked_to_stop_while_the_database_hangs(cluster):
    """A server and a worker that are cut off end all the same."""
    worker, way = cluster.cut_off()
    server = cluster.server(1, PERSONA_DATABASE_URL=worker.settings["PERSONA_DATABASE_URL"])
    server.post_job(asked())
    until(lambda: cluster.model.in_flight, 60)
    way.frozen = True
    time.sleep(1)
    all_at_once(partial(server.stop, 90), partial(worker.stop, 90))


def test_the_queue_is_of_the_version_that_the_migration_knows():
    """A Procrastinate with another schema wants a migration of ours that brings databases there."""
    from procrastinate.schema import migrations_path

    assert max(each.name for each in migrations_path.glob("*.sql")).startswith("03.04.00_50")
