using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using Ember.Formats.Plans;
using Ember.Sdk.Banks;
using Ember.Sdk.Output;

namespace Ember.Sdk.Manifests;

/// <summary>The JSON Schema of appliance.toml, with which editors complete and check it.</summary>
public static class ManifestSchema
{
    /// <summary>The keys of every table, by the table's name.</summary>
    internal static IReadOnlyDictionary<string, IReadOnlyList<ManifestKey>> Tables { get; } = CreateTables();

    /// <summary>The schema as JSON, ending with a line end.</summary>
    public static string ToJson()
    {
        JsonObject root = Root(isWhole: true);
        root["properties"]![ManifestVariants.Key] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Other models of the appliance: what is different in them.",
            ["additionalProperties"] = Root(isWhole: false),
        };
        JsonObject schema = new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = "https://ember.invalid/appliance.schema.json",
            ["title"] = "appliance.toml",
        };
        foreach (KeyValuePair<string, JsonNode?> member in root)
        {
            schema[member.Key] = member.Value?.DeepClone();
        }

        return schema.ToJsonString(JsonLayout.Serializer) + "\n";
    }

    private static JsonObject Root(bool isWhole)
    {
        JsonObject signing = ManifestKey.Table(Tables["signing"]);
        JsonObject secureBoot = ManifestKey.Table(Tables["signing"]);
        secureBoot["description"] = "Another key for loader and core, the one that firmware trusts.";
        signing["properties"]!["secure_boot"] = secureBoot;
        JsonObject budget = ManifestKey.Table(Tables["budget"]);
        budget["properties"]!["namespaces"] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "The most bytes of each namespace with all under it.",
            ["additionalProperties"] = Size(),
        };
        JsonObject root = new()
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                ["appliance"] = ManifestKey.Table(Tables["appliance"], isWhole),
                ["image"] = ManifestKey.Table(Tables["image"]),
                ["signing"] = signing,
                ["update"] = ManifestKey.Table(Tables["update"], isWhole),
                ["budget"] = budget,
                ["vm"] = Array(ManifestKey.Table(Tables["vm"], isWhole)),
                ["board"] = ManifestKey.Table(Tables["board"], isWhole),
                ["lab"] = ManifestKey.Table(Tables["lab"]),
            },
        };
        if (isWhole)
        {
            root["required"] = new JsonArray("appliance", "vm");
        }

        return root;
    }

    private static Dictionary<string, IReadOnlyList<ManifestKey>> CreateTables() => new()
    {
        ["appliance"] =
        [
            new(
                "name",
                "string",
                "required",
                "1 to 31 letters, digits, `-`, `_`, `.`, a letter or digit first; goes into the image's "
                + "identifiers",
                Text()),
            new(
                "vendor",
                "string",
                "required",
                "1 to 63 characters of printable ASCII; updates of another vendor's are refused",
                Text()),
            new(
                "product",
                "string",
                "required",
                "1 to 31 characters of printable ASCII; the screen's header and the core's first lines",
                Text()),
            new("version", "string", "required", "1 to 15 characters of printable ASCII", Text()),
            new(
                "banner",
                "string",
                "`\"\"`",
                "up to 63 characters of printable ASCII: in the screen's header beside the product, and among the core's first lines",
                Text()),
            new(
                "logo",
                "path",
                "none",
                "a picture that the loader shows while it reads the key: PNG, up to 640 by 300 pixels and 65,536 in all",
                Text()),
            new(
                "security_version",
                "integer",
                "`0`",
                "0 to 4294967295; raise it when older versions must not run any more: see [banks.md](banks.md)",
                Number(0, uint.MaxValue)),
            new(
                "after_last_vm",
                "`\"power-off\"`, `\"stay\"`",
                "`\"power-off\"`",
                "what the appliance does when its last virtual machine has stopped; if none could be started it "
                + "always stays",
                Words("power-off", "stay")),
        ],
        ["image"] =
        [
            new(
                "layout",
                "`\"standard\"`, `\"compact-16\"`, `\"compact-32\"`, `\"compact-64\"`",
                "`\"standard\"`",
                "how the key is divided: [flash-format.md](flash-format.md); the compact ones fit flash modules "
                + "of so many MB",
                Words("standard", "compact-16", "compact-32", "compact-64")),
            new(
                "size",
                "size",
                "what the layout says, or the banks need",
                "the most of the whole image: whole MiB; the banks share it",
                Size()),
            new("bank_size", "size", "what `size` leaves, or a quarter more than a bank needs", "of each bank: whole MiB", Size()),
            new("erase_block", "size", "`\"1MiB\"`", "what partitions begin at multiples of: a power of two up to 64 MiB", Size()),
            new(
                "second_bank",
                "`\"copy\"`, `\"empty\"`",
                "`\"copy\"`",
                "what the second bank holds at first",
                Words("copy", "empty")),
            new(
                "label",
                "string",
                "`\"EMBER\"`",
                "volume label: 1 to 11 of `A`–`Z`, `0`–`9`, space, `-`, `_`, no space first",
                Text()),
        ],
        ["signing"] =
        [
            new("key", "path", "none", "the private key, PEM; not needed with `--unsigned`", Text()),
            new("certificate", "path", "required with `key`", "its certificate and any above it, PEM", Text()),
            new("pkcs12", "path", "none", "a PKCS #12 file with both", Text()),
            new(
                "pkcs11",
                "`{ module = path, token = string, key = string, certificate = path }`",
                "none",
                "a key in a token: the library, the labels of token and key, and the certificate if the token "
                + "holds none",
                Texts("module", "token", "key", "certificate")),
        ],
        ["update"] =
        [
            new(
                "address",
                "string",
                "required",
                "`http://` or `https://`, host, perhaps port, and a path that ends with a slash; no user, query or fragment, "
                + "200 characters at most",
                new JsonObject
                {
                    ["type"] = "string",
                    ["pattern"] = UpdateAddress.Pattern,
                    ["maxLength"] = UpdateAddress.LongestLength,
                }),
        ],
        ["budget"] =
        [
            new("core", "size", "no limit", "the most bytes of `core.efi`", Size()),
            new(
                "growth",
                "size",
                "no limit",
                "the most bytes that `core.efi` may have more than the baseline; needs `baseline`",
                Size()),
            new("baseline", "path", "none", "a footprint that was saved of an earlier build", Text()),
        ],
        ["vm"] =
        [
            new("name", "string", "required", "as `name` above, and unique in the manifest", Text()),
            new(
                "memory",
                "size",
                "required",
                "a multiple of `2MiB`, `16MiB` to `3GiB`; must hold kernel, initrd and modules",
                Size()),
            new("cpus", "integer", "`1`", "virtual processors, 1 to 16", Number(1, PlanMachine.MaximumProcessorCount)),
            new(
                "boot",
                "`\"linux\"`, `\"pvh\"`, `\"multiboot\"`",
                "`\"linux\"`",
                "how the kernel is started: the Linux/x86 64-bit boot protocol, an ELF file's PVH entry, "
                + "Multiboot 1; see [guest-machine.md](guest-machine.md#how-a-kernel-is-entered)",
                Words("linux", "pvh", "multiboot")),
            new(
                "kernel",
                "path, or `{ debian = \"package\" }`",
                "required",
                "for `linux` a bzImage with a 64-bit entry and boot protocol 2.12 or later",
                Either(Text(), Texts("debian"))),
            new(
                "initrd",
                "path, or `{ busybox = \"script\" }`",
                "none",
                "an initial RAM disk; for `pvh` and `multiboot` the first module, without a text",
                Either(Text(), Texts("busybox"))),
            new(
                "modules",
                "array of paths and `{ file = \"path\", text = \"line\" }`",
                "none",
                "for `pvh` and `multiboot`: files that the kernel finds in its memory, up to 16 with the initrd; "
                + "`text`, up to 2047 characters of printable ASCII, is what it is told of one",
                Array(Either(Text(), Texts("file", "text")))),
            new("command_line", "string", "`\"\"`", "up to 2047 characters of printable ASCII", Text()),
            new(
                "restart",
                "`\"never\"`, `\"on-failure\"`, `\"always\"`",
                "`\"never\"`",
                "what happens when it has ended; see below",
                Words("never", "on-failure", "always")),
            new(
                "start",
                "`true`, `false`",
                "`true`",
                "whether it starts with the appliance, or when the console's menu asks for it",
                new JsonObject { ["type"] = "boolean" }),
            new(
                "weight",
                "integer",
                "`100`",
                "1 to 10000: its share of processors that are short, beside the weights of the others",
                Number(1, PlanMachine.MaximumWeight)),
            new(
                "cap",
                "integer",
                "none",
                "1 to 1600: the most it may use, in percent of one processor of the server, all its `cpus` "
                + "together",
                Number(1, PlanMachine.MaximumCap)),
            new(
                "pin",
                "array of integers",
                "`[]`",
                "numbers of the server's processors, 0 to 63, that it may run on; an empty array allows all",
                Array(Number(0, PlanMachine.AffinityProcessors - 1))),
        ],
        ["board"] =
        [
            new(
                "sources",
                "path",
                "required",
                "a folder with C# of the vendor's for its board, compiled into the core: "
                + "[board-support.md](board-support.md)",
                Text()),
        ],
        ["lab"] =
        [
            new(
                "crash",
                "`\"none\"`, `\"invalid-opcode\"`, `\"page-fault\"`, `\"stack-overflow\"`, `\"check-failed\"`",
                "`\"none\"`",
                "see [faults.md](faults.md)",
                Words("none", "invalid-opcode", "page-fault", "stack-overflow", "check-failed")),
        ],
    };

    private static JsonObject Text() => new() { ["type"] = "string" };

    private static JsonObject Size() => new() { ["type"] = "string", ["pattern"] = "^[0-9]+(KiB|MiB|GiB|TiB)$" };

    private static JsonObject Number(long least, long most) => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };

    private static JsonObject Words(params string[] words) =>
        new() { ["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]) };

    private static JsonObject Texts(params string[] keys) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(keys.Select(key => KeyValuePair.Create<string, JsonNode?>(key, Text()))),
    };

    private static JsonObject Array(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Either(JsonObject one, JsonObject other) => new() { ["anyOf"] = new JsonArray(one, other) };
}
