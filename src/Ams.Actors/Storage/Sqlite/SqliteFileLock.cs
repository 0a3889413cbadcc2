namespace Ams.Actors.Storage.Sqlite;

/// <summary>Keeps a second server off the same file: two would not hear of each other's events and revocations. The lock is the operating system's and
/// ends with the process, however it ends.</summary>
internal sealed class SqliteFileLock : IDisposable
{
    private readonly FileStream _file;

    private SqliteFileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, beside the database; creates the directory if it is absent.</summary>
    /// <exception cref="DatabaseUnusableException">Somebody has it, or the directory can't be written.</exception>
    public static SqliteFileLock Take(string path)
    {
        var lockPath = path + ".lock";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseUnusableException(SqliteFault.NoRights(path), e);
        }
        try
        {
            return new(new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new DatabaseUnusableException(SqliteFault.NoRights(path), e);
        }
        catch (IOException e)
        {
            throw new DatabaseUnusableException(
                $"The database {path} is in use by another server ({lockPath} is locked: {e.Message.ReplaceLineEndings(" ")}): "
                    + "end that one, or set AMS_DATABASE to another path.",
                e
            );
        }
    }

    public void Dispose() => _file.Dispose();
}
