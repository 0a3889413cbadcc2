namespace Ams.Actors.Storage;

/// <summary>The database can't be used as it is: no rights, damaged, of another program, from a newer version, in use. Its message is one line that names
/// the database and says what to do; the host prints it and exits. Nothing was changed.</summary>
public sealed class DatabaseUnusableException : Exception
{
    /// <summary>Says what is wrong and what to do, in one line.</summary>
    public DatabaseUnusableException(string message, Exception? inner = null)
        : base(message, inner) { }
}
