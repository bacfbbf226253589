using Gateway.State.Embedded;
using Gateway.Tests.Testing;

namespace Gateway.Tests.State.Embedded;

public sealed class SqliteDatabaseTests
{
    [Fact]
    public void Open_Twice_KeepsSchemaAndContent()
    {
        using var directory = new TempDirectory();
        var path = Path.Combine(directory.Path, "gateway.db");
        using (var first = SqliteDatabase.Open(path))
        using (var connection = first.Connect())
            SqliteDatabase.Execute(connection, "INSERT INTO settings VALUES ('a', x'01')");

        using var second = SqliteDatabase.Open(path);
        using var again = second.Connect();
        using var command = again.CreateCommand();
        command.CommandText = "SELECT count(*) FROM settings";
        Assert.Equal(1L, command.ExecuteScalar());
        command.CommandText = "PRAGMA journal_mode";
        Assert.Equal("wal", command.ExecuteScalar());
    }

    [Fact]
    public void Open_WrittenByNewerGateway_IsRefusedClearly()
    {
        using var directory = new TempDirectory();
        var path = Path.Combine(directory.Path, "gateway.db");
        using (var database = SqliteDatabase.Open(path))
        using (var connection = database.Connect())
            SqliteDatabase.Execute(connection, "PRAGMA user_version=99");

        var error = Assert.Throws<InvalidDataException>(() => SqliteDatabase.Open(path));

        Assert.Contains("schema version 99", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NewFile_IsItsOwnersAlone()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var directory = new TempDirectory();
        var path = Path.Combine(directory.Path, "gateway.db");
        using var database = SqliteDatabase.Open(path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }
}
