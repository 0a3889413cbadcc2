using Ams.Contracts;

namespace Ams.ControlPlane.Access;

/// <summary>The 401s, made once: a flood of bad tokens allocates nothing.</summary>
internal static class AuthRefusals
{
    public static Refusal Missing { get; } =
        new(ErrorCodes.MissingToken, "Send a token in the header \"Authorization: Bearer wat_…\".");

    public static Refusal Malformed { get; } =
        new(
            ErrorCodes.MalformedToken,
            "This is not a token, or it was mistyped: its checksum does not match. Copy it again, whole."
        );

    public static Refusal Unknown { get; } =
        new(ErrorCodes.UnknownToken, "This token was never issued here; check that it belongs to this server.");

    public static Refusal Expired { get; } = new(ErrorCodes.TokenExpired, "This token's time has passed; mint a new one.");

    public static Refusal Revoked { get; } =
        new(ErrorCodes.TokenRevoked, "This token was revoked, or its member or workspace was removed; use another one.");

    public static Refusal WrongPlatformKey { get; } =
        new(ErrorCodes.WrongPlatformKey, "Send the server's platform key in the header \"X-Platform-Key\".");
}
