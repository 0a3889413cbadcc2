using Ams.Actors.Storage;
using Ams.Api.Configuration;
using Ams.ControlPlane;

namespace Ams.Api.Commands;

/// <summary>Backup and restore. They need no setting but the database's, and start nothing.</summary>
internal static class StoreCommands
{
    /// <summary>Copies the database while servers may run on it, and says what was done.</summary>
    /// <exception cref="DatabaseUnusableException">The database or the file can't be used; the message says why.</exception>
    public static async Task BackupAsync(DatabaseSetting database, string file, TextWriter output)
    {
        var to = Path.GetFullPath(file);
        await using var services = Store(database);
        services.GetRequiredService<AmsStore>().Backup(to);
        await output.WriteLineAsync($"Backed up {database.Described} into {to}, {new FileInfo(to).Length} bytes.");
    }

    /// <summary>Puts a backup in the database's place, and says what was done.</summary>
    /// <exception cref="DatabaseUnusableException">A server runs on it, it is there already, or the file is no whole backup. Nothing was changed.</exception>
    public static async Task RestoreAsync(DatabaseSetting database, string file, bool force, TextWriter output)
    {
        await using var services = Store(database);
        var aside = await services
            .GetRequiredService<AmsStore>()
            .RestoreAsync(Path.GetFullPath(file), force, CancellationToken.None);
        if (aside is not null)
            await output.WriteLineAsync($"The database that was there is now {aside}; remove it when nobody misses it.");
        await output.WriteLineAsync($"Restored {database.Described}. Every log has a new log_id.");
    }

    private static ServiceProvider Store(DatabaseSetting database) =>
        new ServiceCollection()
            .AddLogging()
            .AddAmsStore(database.Store)
            .AddSingleton(TimeProvider.System)
            .AddAmsControlPlaneSchema()
            .BuildServiceProvider();
}
