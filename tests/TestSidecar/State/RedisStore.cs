using StackExchange.Redis;

namespace TestSidecar.State;

/// <summary>
/// A store over Redis with the manners of Dapr's Redis component: a version in a hash, compared and counted on by a script. An absent key
/// takes any ETag, a key once written with first-write is for ever refused to writes without its ETag, an overwritten key keeps its time to live
/// unless told otherwise, and a transaction does not take back what preceded a conflict.
/// </summary>
/// <param name="database">The database.</param>
internal sealed class RedisStore(IDatabase database) : ISidecarStore
{
    // version, data, first-write flag → 1, or 0 on a conflict.
    private const string SetScript = """
        local key, expected, data, first = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
        local version = redis.call('HGET', key, 'version')
        if version and version ~= expected then
          if expected ~= '0' or redis.call('HEXISTS', key, 'first-write') == 1 then return 0 end
        end
        redis.call('HSET', key, 'data', data)
        if first == '1' then redis.call('HSET', key, 'first-write', '0') end
        redis.call('HINCRBY', key, 'version', 1)
        return 1
        """;

    // version → 1, or 0 on a conflict.
    private const string DeleteScript = """
        local version = redis.call('HGET', KEYS[1], 'version')
        if version and ARGV[1] ~= '0' and version ~= ARGV[1] then return 0 end
        redis.call('DEL', KEYS[1])
        return 1
        """;

    public async Task<StoredValue?> GetAsync(string key)
    {
        var fields = await database.HashGetAsync(key, ["data", "version"]);
        return fields[1].IsNull ? null : new StoredValue((byte[])fields[0]!, (string)fields[1]!);
    }

    public async Task WriteAsync(StateWrite write)
    {
        Check(write);
        if ((int)await Evaluate(database, write, isTransaction: false) == 0)
            throw Conflict(write);
        if (Expiry(database, write) is { } expiry)
            await expiry;
    }

    public async Task TransactAsync(IReadOnlyList<StateWrite> writes)
    {
        foreach (var write in writes)
            Check(write);
        var transaction = database.CreateTransaction();
        var results = new List<Task<RedisResult>>();
        var expiries = new List<Task>();
        foreach (var write in writes)
        {
            results.Add(Evaluate(transaction, write, isTransaction: true));
            if (Expiry(transaction, write) is { } expiry)
                expiries.Add(expiry);
        }

        await transaction.ExecuteAsync();
        await Task.WhenAll(expiries);
        foreach (var result in await Task.WhenAll(results))
        {
            if ((int)result == 0)
                throw new ETagException(isInvalid: false);
        }
    }

    private static void Check(StateWrite write)
    {
        if (!string.IsNullOrEmpty(write.ETag) && !int.TryParse(write.ETag, out _))
            throw new ETagException(isInvalid: true);
    }

    // Within a transaction the component does not pass on whether first-write was asked for.
    private static Task<RedisResult> Evaluate(IDatabaseAsync target, StateWrite write, bool isTransaction)
    {
        var expected = string.IsNullOrEmpty(write.ETag) ? "0" : write.ETag;
        return write.Data is null
            ? target.ScriptEvaluateAsync(DeleteScript, [write.Key], [expected])
            : target.ScriptEvaluateAsync(SetScript, [write.Key], [expected, write.Data, write.FirstWrite && !isTransaction ? "1" : "0"]);
    }

    private static Task<bool>? Expiry(IDatabaseAsync target, StateWrite write) => write switch
    {
        { Data: null } or { TimeToLive: null } => null,
        { TimeToLive: > 0 } => target.KeyExpireAsync(write.Key, TimeSpan.FromSeconds(write.TimeToLive.Value)),
        _ => target.KeyPersistAsync(write.Key),
    };

    // Without any ETag in the request the component reports no conflict, only a failure.
    private static Exception Conflict(StateWrite write) =>
        write.ETag is null && write.Data is not null ? new StoreException($"failed to set key {write.Key}") : new ETagException(isInvalid: false);
}
