using System.IO.Enumeration;
using Gateway.Routing;

namespace Gateway.Admission;

/// <summary>Which models a key may use.</summary>
internal static class KeyGlob
{
    /// <summary>Whether any glob of the key matches the route's name, or the address of every target behind it.</summary>
    public static bool Allows(VirtualKey key, RouteSnapshot route)
    {
        foreach (var glob in key.Models)
        {
            if (glob == "*" || FileSystemName.MatchesSimpleExpression(glob, route.Name, ignoreCase: false))
                return true;
        }

        foreach (var target in route.Targets)
        {
            if (!AllowsAddress(key, target.Address))
                return false;
        }

        return true;
    }

    private static bool AllowsAddress(VirtualKey key, string address)
    {
        foreach (var glob in key.Models)
        {
            if (FileSystemName.MatchesSimpleExpression(glob, address, ignoreCase: false))
                return true;
        }

        return false;
    }
}
