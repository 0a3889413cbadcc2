using Ams.Contracts;

namespace Ams.ControlPlane.Storage;

/// <summary>Enums as they are stored: the wire's words. They are read back by name, whatever its case.</summary>
internal static class Enums
{
    public static string Word(this Role role) => role.ToString().ToLowerInvariant();

    public static string Word(this PrincipalKind kind) => kind.ToString().ToLowerInvariant();

    public static string Word(this ChannelVisibility visibility) => visibility.ToString().ToLowerInvariant();
}
