using System.Diagnostics;
using System.Globalization;
using Ams.TestKit.Processes;
using Npgsql;

namespace Ams.TestKit.Postgres;

/// <summary>A private PostgreSQL cluster of Debian's packages, on a loopback port of its own, gone with the test process.</summary>
/// <remarks>PostgreSQL does not run as root: then it runs as the user <c>postgres</c>, which Debian's package makes.</remarks>
public sealed class PostgresCluster : IAsyncDisposable
{
    /// <summary>The owner of the tests' databases. No superuser: the server needs none.</summary>
    public const string User = "ams";

    /// <summary>Its password.</summary>
    public const string Password = "ams p@ss/word";

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<PostgresCluster>> SharedCluster = new(() => StartAsync(durable: false));

    private readonly DirectoryInfo _directory;
    private readonly bool _durable;
    private Process? _postmaster;
    private int _databases;

    private PostgresCluster(DirectoryInfo directory, bool durable)
    {
        _directory = directory;
        _durable = durable;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>What the server wrote.</summary>
    public ProcessOutput Output { get; } = new();

    /// <summary>The cluster that contract suites of one process share: without fsync, since no test of theirs pulls the plug.</summary>
    public static Task<PostgresCluster> SharedAsync() => SharedCluster.Value;

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="durable">Whether commits are flushed to the disk, as a server that is killed needs.</param>
    public static async Task<PostgresCluster> StartAsync(bool durable)
    {
        var cluster = new PostgresCluster(Directory.CreateTempSubdirectory("ams-postgres-"), durable);
        try
        {
            await cluster.InitialiseAsync();
            await cluster.StartAsync();
            await cluster.ExecuteAsync($"CREATE ROLE {User} LOGIN PASSWORD '{Password}'");
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server on the data that there is, and returns when it takes connections.</summary>
    public async Task StartAsync()
    {
        string[] settings =
        [
            $"port={Port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=100",
            "shared_buffers=64MB",
            $"fsync={(_durable ? "on" : "off")}",
            "autovacuum_naptime=5s",
            "logging_collector=off",
            "checkpoint_timeout=1h",
            "max_wal_size=4GB",
        ];
        var arguments = new List<string> { "-D", Data };
        foreach (var setting in settings)
            arguments.AddRange(["-c", setting]);
        _postmaster = Launch("postgres", arguments);
        Output.Attach(_postmaster);
        await Processes.Eventually.TrueAsync(AnswersAsync, StartMax, "PostgreSQL takes connections");
    }

    /// <summary>kill -9 of the postmaster, and returns when it is gone. Its backends end by themselves when they notice.</summary>
    public async Task KillAsync() => await EndAsync(Signal.Kill);

    /// <summary>Sends a signal to the postmaster.</summary>
    public void Send(Signal signal) => Signals.Send(_postmaster!.Id, signal);

    /// <summary>Makes an empty database, and returns its URL.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} OWNER {User}");
        return $"postgres://{User}:{Uri.EscapeDataString(Password)}@127.0.0.1:{Port}/{name}";
    }

    /// <summary>Drops a database that <see cref="CreateDatabaseAsync"/> made, whoever is connected.</summary>
    public Task DropDatabaseAsync(string url) => ExecuteAsync($"DROP DATABASE {new Uri(url).AbsolutePath[1..]} WITH (FORCE)");

    /// <summary>Runs SQL as the superuser.</summary>
    public async Task ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database};Pooling=false;Timeout=5"
        );
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        // SIGQUIT: an immediate end, which waits for the backends but writes no checkpoint.
        await EndAsync(Signal.Quit);
        _directory.Delete(recursive: true);
    }

    private string Data => Path.Combine(_directory.FullName, "data");

    private async Task InitialiseAsync()
    {
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", ["postgres:", _directory.FullName]);
        await RunAsync(
            Binary("initdb"),
            [
                "-D",
                Data,
                "-U",
                "postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "--data-checksums",
            ],
            asPostgres: true
        );
        // The owner of the databases has to show its password, the superuser of a private loopback port need not.
        await File.WriteAllTextAsync(
            Path.Combine(Data, "pg_hba.conf"),
            $"host all postgres 127.0.0.1/32 trust\nhost all {User} 127.0.0.1/32 scram-sha-256\n"
        );
    }

    private async Task<bool> AnswersAsync()
    {
        if (_postmaster!.HasExited)
            throw new InvalidOperationException($"PostgreSQL ended with exit code {_postmaster.ExitCode}:\n{Output.Text}");
        try
        {
            await ExecuteAsync("SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // Not listening yet, or recovering.
        }
    }

    private async Task EndAsync(Signal signal)
    {
        if (_postmaster is not { } postmaster)
            return;
        _postmaster = null;
        if (!postmaster.HasExited)
            Signals.Send(postmaster.Id, signal);
        await postmaster.WaitForExitAsync();
        postmaster.Dispose();
    }

    private static string Binary(string name)
    {
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian) ? Directory.GetDirectories(debian) : [];
        var newest = versions
            .Where(v => File.Exists(Path.Combine(v, "bin", name)))
            .MaxBy(v => int.TryParse(Path.GetFileName(v), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0);
        return Path.Combine(
            newest ?? throw new InvalidOperationException("PostgreSQL is not installed: apt-get install postgresql"),
            "bin",
            name
        );
    }

    private static Process Launch(string binary, IEnumerable<string> arguments) =>
        Start(Binary(binary), arguments, asPostgres: true);

    private static async Task RunAsync(string file, IEnumerable<string> arguments, bool asPostgres = false)
    {
        using var process = Start(file, arguments, asPostgres);
        var output = new ProcessOutput();
        output.Attach(process);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{file} ended with exit code {process.ExitCode}:\n{output.Text}");
    }

    private static Process Start(string file, IEnumerable<string> arguments, bool asPostgres)
    {
        // setpriv becomes the program: its process id is the program's.
        var drop = asPostgres && Environment.IsPrivilegedProcess;
        var start = new ProcessStartInfo(drop ? "setpriv" : file)
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (drop)
        {
            foreach (var argument in (string[])["--reuid=postgres", "--regid=postgres", "--clear-groups", "--", file])
                start.ArgumentList.Add(argument);
        }
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start.");
    }

    private void OnProcessExit(object? sender, EventArgs e)
    {
        if (_postmaster is not { HasExited: false } postmaster)
            return;
        Signals.Send(postmaster.Id, Signal.Quit);
        postmaster.WaitForExit();
        _directory.Delete(recursive: true);
    }
}
