package dev.tidemark.sweeper.cache;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.text.Causes;
import dev.tidemark.storage.config.CacheSettings.Login;
import dev.tidemark.storage.config.CacheSettings.Redis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A registry's cache in Redis. The database may be shared with others: only keys of the registry are touched, and only
 * of what is gone. A blob's own key is what every repository's entries for it lean on.
 *
 * @see <a href="https://github.com/distribution/distribution/blob/v3.1.1/registry/storage/cache/redis/redis.go">
 *     redis.go</a>; version 2 has the same keys
 */
final class RedisCache implements RegistryCache {

    private static final int AT_ONCE = 1_000;
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    private final Redis settings;
    private UnifiedJedis client;

    RedisCache(Redis settings) {
        this.settings = settings;
    }

    /** The very commands that are needed later, on keys that no registry writes. */
    @Override
    public void check() {
        call(redis -> {
            redis.unlink(blob(""));
            redis.srem(members(""), "");
            redis.del(member("", ""));
        });
    }

    @Override
    public void forget(List<Eligible> gone) {
        for (int from = 0; from < gone.size(); from += AT_ONCE) {
            List<Eligible> some = gone.subList(from, Math.min(gone.size(), from + AT_ONCE));
            call(redis -> remove(redis, some));
        }
    }

    private static void remove(UnifiedJedis redis, List<Eligible> gone) {
        List<Response<Long>> answers = new ArrayList<>();
        try (AbstractPipeline pipeline = redis.pipelined()) {
            for (Eligible each : gone) {
                String digest = each.digest().toString();
                if (each.kind() == Kind.BLOB) {
                    answers.add(pipeline.unlink(blob(digest)));
                } else {
                    answers.add(pipeline.srem(members(each.repository()), digest));
                    answers.add(pipeline.del(member(each.repository(), digest)));
                }
            }
            pipeline.sync();
        }
        // An answer that is an error is thrown only where it is asked for.
        answers.forEach(Response::get);
    }

    private static String blob(String digest) {
        return "blobs::" + digest;
    }

    private static String members(String repository) {
        return "repository::" + repository + "::blobs";
    }

    private static String member(String repository, String digest) {
        return members(repository) + "::" + digest;
    }

    private void call(Consumer<UnifiedJedis> call) {
        Tries.call(() -> call.accept(client()), JedisException.class, this::failure);
    }

    private CacheException failure(Exception why) {
        String servers = settings.servers().stream().map(Object::toString).collect(joining(", "));
        return new CacheException(
                "the registry's cache, Redis at " + servers + ", can't be told what is gone: " + Causes.last(why), why);
    }

    private synchronized UnifiedJedis client() {
        if (client == null) {
            client = open();
        }
        return client;
    }

    private UnifiedJedis open() {
        Set<HostAndPort> servers = settings.servers().stream()
                .map(server -> new HostAndPort(server.host(), server.port()))
                .collect(toUnmodifiableSet());
        // A connection that has died since is not taken.
        var pool = new ConnectionPoolConfig();
        pool.setTestOnBorrow(true);
        if (settings.master().isPresent()) {
            return RedisSentinelClient.builder()
                    .masterName(settings.master().get())
                    .sentinels(servers)
                    .sentinelClientConfig(connection(settings.sentinelLogin(), 0))
                    .clientConfig(connection(settings.login(), settings.database()))
                    .poolConfig(pool)
                    .build();
        }
        if (servers.size() > 1) {
            return RedisClusterClient.builder()
                    .nodes(servers)
                    .clientConfig(connection(settings.login(), 0))
                    .poolConfig(pool)
                    .build();
        }
        return RedisClient.builder()
                .hostAndPort(servers.iterator().next())
                .clientConfig(connection(settings.login(), settings.database()))
                .poolConfig(pool)
                .build();
    }

    private JedisClientConfig connection(Login login, int database) {
        DefaultJedisClientConfig.Builder connection = DefaultJedisClientConfig.builder()
                .resp2()
                .timeoutMillis(Math.toIntExact(LONGEST_ANSWER.toMillis()))
                .user(login.user())
                .password(login.password())
                .database(database)
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
        settings.tls().ifPresent(tls -> connection.sslOptions(new RedisTls(tls).options()));
        return connection.build();
    }

    @Override
    public String remedy() {
        return "delete its keys blobs::DIGEST, or restart Redis without its data";
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
