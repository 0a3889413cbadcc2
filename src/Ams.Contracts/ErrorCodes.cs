using System.Collections.Frozen;
using System.Reflection;

namespace Ams.Contracts;

/// <summary>The closed list of error codes. Nothing that is not listed here is ever sent; there is no other 5xx than 503.</summary>
public static class ErrorCodes
{
    /// <summary>A member is missing, unknown, doubled or out of its range; <c>errors</c> names it.</summary>
    public static readonly ErrorCode InvalidRequest = new("invalid_request", 400, "Invalid request");

    /// <summary>The body is not JSON in UTF-8.</summary>
    public static readonly ErrorCode InvalidJson = new("invalid_json", 400, "Invalid JSON");

    /// <summary>A post without an idempotency key.</summary>
    public static readonly ErrorCode IdempotencyKeyRequired = new("idempotency_key_required", 400, "Idempotency key required");

    /// <summary>A key that is not 1 to 255 visible ASCII characters, or header and body disagree.</summary>
    public static readonly ErrorCode InvalidIdempotencyKey = new("invalid_idempotency_key", 400, "Invalid idempotency key");

    /// <summary>A position that is no number, beyond the head, or of another log.</summary>
    public static readonly ErrorCode InvalidCursor = new("invalid_cursor", 400, "Invalid cursor");

    /// <summary>No credential was sent.</summary>
    public static readonly ErrorCode MissingToken = new("missing_token", 401, "Missing token");

    /// <summary>The credential is not a well-formed token: a typo.</summary>
    public static readonly ErrorCode MalformedToken = new("malformed_token", 401, "Malformed token");

    /// <summary>A well-formed token that was never issued here.</summary>
    public static readonly ErrorCode UnknownToken = new("unknown_token", 401, "Unknown token");

    /// <summary>The token's time has passed.</summary>
    public static readonly ErrorCode TokenExpired = new("token_expired", 401, "Token expired");

    /// <summary>The token was revoked, or its principal or workspace removed.</summary>
    public static readonly ErrorCode TokenRevoked = new("token_revoked", 401, "Token revoked");

    /// <summary>The platform key is absent or wrong.</summary>
    public static readonly ErrorCode WrongPlatformKey = new("wrong_platform_key", 401, "Wrong platform key");

    /// <summary>The token lacks a scope; the detail names it.</summary>
    public static readonly ErrorCode ScopeMissing = new("scope_missing", 403, "Scope missing");

    /// <summary>The principal's role does not allow it.</summary>
    public static readonly ErrorCode RoleTooLow = new("role_too_low", 403, "Role too low");

    /// <summary>Only the author may do this.</summary>
    public static readonly ErrorCode NotAuthor = new("not_author", 403, "Not the author");

    /// <summary>A WebSocket upgrade from a page of another origin.</summary>
    public static readonly ErrorCode OriginRefused = new("origin_refused", 403, "Origin refused");

    /// <summary>It does not exist, or not for this token.</summary>
    public static readonly ErrorCode NotFound = new("not_found", 404, "Not found");

    /// <summary>The path is known, the method is not; <c>Allow</c> lists those that are.</summary>
    public static readonly ErrorCode MethodNotAllowed = new("method_not_allowed", 405, "Method not allowed");

    /// <summary>A workspace with this slug exists.</summary>
    public static readonly ErrorCode SlugTaken = new("slug_taken", 409, "Slug taken");

    /// <summary>The name is in use.</summary>
    public static readonly ErrorCode NameTaken = new("name_taken", 409, "Name taken");

    /// <summary>The channel is archived: readable, no longer writable.</summary>
    public static readonly ErrorCode ChannelArchived = new("channel_archived", 409, "Channel archived");

    /// <summary>Somebody else holds the claim.</summary>
    public static readonly ErrorCode ClaimHeld = new("claim_held", 409, "Claim held", Retryable: true);

    /// <summary>The claim has ended.</summary>
    public static readonly ErrorCode ClaimLost = new("claim_lost", 409, "Claim lost");

    /// <summary>The message was completed; the problem carries the reply as <c>event</c>.</summary>
    public static readonly ErrorCode AlreadyCompleted = new("already_completed", 409, "Already completed");

    /// <summary>A workspace keeps at least one owner.</summary>
    public static readonly ErrorCode LastOwner = new("last_owner", 409, "Last owner");

    /// <summary>The message was deleted; it can't be changed any more.</summary>
    public static readonly ErrorCode MessageDeleted = new("message_deleted", 409, "Message deleted");

    /// <summary><c>after</c> lies before what retention kept; the problem has <c>first_available_seq</c>.</summary>
    public static readonly ErrorCode LogTruncated = new("log_truncated", 410, "Log truncated");

    /// <summary>Something came after the expected head; the problem carries it as <c>event</c>.</summary>
    public static readonly ErrorCode HeadMoved = new("head_moved", 412, "Head moved");

    /// <summary>Somebody replied first; the problem carries that reply as <c>event</c>.</summary>
    public static readonly ErrorCode AlreadyAnswered = new("already_answered", 412, "Already answered");

    /// <summary>A body, text or payload over its limit.</summary>
    public static readonly ErrorCode BodyTooLarge = new("body_too_large", 413, "Body too large");

    /// <summary>A body that is not <c>application/json</c>.</summary>
    public static readonly ErrorCode UnsupportedMediaType = new("unsupported_media_type", 415, "Unsupported media type");

    /// <summary>The key was used for another request.</summary>
    public static readonly ErrorCode IdempotencyKeyReused = new("idempotency_key_reused", 422, "Idempotency key reused");

    /// <summary>The payload does not match the channel's schema.</summary>
    public static readonly ErrorCode PayloadSchemaMismatch = new("payload_schema_mismatch", 422, "Payload schema mismatch");

    /// <summary>Over the token's rate; <c>Retry-After</c> says when.</summary>
    public static readonly ErrorCode RateLimited = new("rate_limited", 429, "Rate limited", Retryable: true);

    /// <summary>The chain of causes is longer than the channel allows.</summary>
    public static readonly ErrorCode LoopBudgetSpent = new("loop_budget_spent", 429, "Loop budget spent");

    /// <summary>The store does not answer, or it is unknown whether it committed. Repeat with the same key.</summary>
    public static readonly ErrorCode StoreUnavailable = new("store_unavailable", 503, "Store unavailable", Retryable: true);

    /// <summary>The channel is moving to another node.</summary>
    public static readonly ErrorCode ShardMoving = new("shard_moving", 503, "Shard moving", Retryable: true);

    /// <summary>The node is shutting down.</summary>
    public static readonly ErrorCode Draining = new("draining", 503, "Draining", Retryable: true);

    /// <summary>Every code, by its wire name.</summary>
    public static FrozenDictionary<string, ErrorCode> ByCode { get; } =
        typeof(ErrorCodes)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(ErrorCode))
            .Select(field => (ErrorCode)field.GetValue(null)!)
            .ToFrozenDictionary(code => code.Code, StringComparer.Ordinal);
}
