using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace Ember.Guests;

/// <summary>The sources of an appliance that runs test guests and then powers off.</summary>
public static class GuestAppliance
{
    /// <summary>Writes manifest and kernel of one machine called <c>guest</c> into <paramref name="folder"/>, which is made if there is
    /// none.</summary>
    /// <param name="folder">Receives them.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="more">Lines of the machine's table beside its name, memory, and kernel.</param>
    public static void Write(string folder, byte[] kernel, string more = "") =>
        Write(folder, new GuestMachine("guest", kernel) { More = more });

    /// <summary>Writes manifest and kernels into <paramref name="folder"/>, which is made if there is none.</summary>
    /// <param name="folder">Receives them.</param>
    /// <param name="machines">The machines. Those with the same kernel share its file.</param>
    public static void Write(string folder, params IReadOnlyList<GuestMachine> machines)
    {
        Directory.CreateDirectory(folder);
        StringBuilder manifest = new("""
            [appliance]
            name = "guest"
            vendor = "Ember"
            product = "Boot test"
            version = "1"
            after_last_vm = "power-off"

            """);
        Dictionary<byte[], string> kernels = [];
        foreach (GuestMachine machine in machines)
        {
            if (!kernels.TryGetValue(machine.Kernel, out string? file))
            {
                file = $"{machine.Name}.kernel";
                kernels.Add(machine.Kernel, file);
                File.WriteAllBytes(Path.Combine(folder, file), machine.Kernel);
            }

            string boot = machine.Boot is null ? "" : $"boot = \"{machine.Boot}\"";
            manifest.Append(CultureInfo.InvariantCulture, $"""

                [[vm]]
                name = "{machine.Name}"
                memory = "{machine.MemoryMiB}MiB"
                cpus = {machine.Processors}
                kernel = "{file}"
                {boot}
                {machine.More}

                """);
        }

        File.WriteAllText(Path.Combine(folder, "appliance.toml"), manifest.ToString());
    }
}
