using Microsoft.Data.Sqlite;

namespace Gateway.State.Embedded;

/// <summary>The one SQLite file of an embedded gateway: opening, connection settings and schema upgrades.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly string _connectionString;

    private SqliteDatabase(string path)
    {
        Path = path;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate }.ToString();
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Opens or creates the file, readable by its owner alone, and brings its schema up to date.</summary>
    /// <exception cref="InvalidDataException">A newer gateway wrote the file.</exception>
    /// <exception cref="SqliteException">The file cannot be opened or is not a database.</exception>
    public static SqliteDatabase Open(string path)
    {
        CreatePrivate(path);
        var database = new SqliteDatabase(path);
        using var connection = database.Connect();
        Execute(connection, "PRAGMA journal_mode=WAL");
        Upgrade(connection, path);
        return database;
    }

    /// <summary>A new open connection (pooled): commits survive a crash of the process; the newest may be lost when the machine crashes.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA busy_timeout=5000; PRAGMA synchronous=NORMAL");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements that return nothing of interest.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Closes pooled connections, and with the last one folds the write-ahead log into the file.</summary>
    public void Dispose()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private static void Upgrade(SqliteConnection connection, string path)
    {
        // Taking the write lock first makes two processes that start at once upgrade one after the other.
        using var transaction = connection.BeginTransaction(deferred: false);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "PRAGMA user_version";
        var version = (long)command.ExecuteScalar()!;
        if (version > SqliteSchema.Steps.Count)
        {
            throw new InvalidDataException(
                $"{path} has schema version {version}, this gateway knows versions up to {SqliteSchema.Steps.Count}: a newer gateway wrote it.");
        }

        for (var step = (int)version; step < SqliteSchema.Steps.Count; step++)
        {
            command.CommandText = SqliteSchema.Steps[step];
            command.ExecuteNonQuery();
        }

        command.CommandText = $"PRAGMA user_version={SqliteSchema.Steps.Count}";
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    /// <summary>The file holds key hashes and the hashing secret. SQLite gives its side files the mode of the main one.</summary>
    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows() || File.Exists(path))
            return;
        new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }).Dispose();
    }
}
