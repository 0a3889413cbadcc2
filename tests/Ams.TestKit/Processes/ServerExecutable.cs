using System.Reflection;

namespace Ams.TestKit.Processes;

/// <summary>Where the server's build output lies: the same configuration as the running tests'.</summary>
public static class ServerExecutable
{
    /// <summary>The root of the repository, found from where the tests run.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The absolute path; <c>AMS_SERVER</c> names another one, for example a published server.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("AMS_SERVER") is { Length: > 0 } given)
            return System.IO.Path.GetFullPath(given);
        var configuration =
            typeof(ServerExecutable).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";
        var name = OperatingSystem.IsWindows() ? "Ams.Api.exe" : "Ams.Api";
        var path = System.IO.Path.Combine(RepositoryRoot, "src", "Ams.Api", "bin", configuration, "net10.0", name);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"Build the server first: dotnet build src/Ams.Api -c {configuration}", path);
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(at.FullName, "Ams.sln")))
                return at.FullName;
        }
        throw new DirectoryNotFoundException($"No Ams.sln above {AppContext.BaseDirectory}.");
    }
}
