using System.Globalization;
using Gateway.Admission.Roles;
using Gateway.Errors;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints.Admin;

/// <summary>ETags of entities, and the conditions that requests make of them.</summary>
internal static class Preconditions
{
    /// <summary>The ETag of a version.</summary>
    public static string ETag(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>What a request asks for.</summary>
    /// <exception cref="ProblemException">It asks for something else than one ETag or <c>*</c>.</exception>
    public static VersionCondition Of(HttpRequest request)
    {
        var (match, none) = (request.Headers.IfMatch.ToString(), request.Headers.IfNoneMatch.ToString());
        if (none.Length > 0 && (none != "*" || match.Length > 0))
            throw Invalid("If-None-Match must be *, and stand there without If-Match.");
        if (none.Length > 0)
            return VersionCondition.Absent;
        if (match.Length == 0)
            return default;
        if (match == "*")
            return VersionCondition.Present;
        if (match is ['"', .. var text, '"'] && !text.Contains('"', StringComparison.Ordinal))
            // An ETag that was never given out is that of no version.
            return new VersionCondition(long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? version : -1);
        throw Invalid("If-Match must be one ETag as it was given out, or *.");
    }

    private static ProblemException Invalid(string message) => new(new GatewayError(ErrorKinds.InvalidParameter, message));
}
