package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What microVMs boot and mount: kernels, root images of runtimes, images of functions. All of it is made of packages
 * that {@link GuestInstall} fetched, when it is first asked for: nothing here needs the network.
 *
 * <p>Threading: safe on any thread; may take seconds where an image is still to be made.
 */
public final class GuestImages implements GuestFiles {
    /** Runtime identifiers that have root images, one for each image. */
    public static final List<String> RUNTIMES = GuestRecipe.roots().stream()
            .map(GuestRecipe::name)
            .map(name -> name.equals("provided") ? "provided.al2023" : name)
            .toList();

    private static final String NODE_CLIENT = "lib/nodejs/aws-lambda-ric/dist/rapid-client.node";

    /** As much as the functions of a well filled host have. */
    private static final long FUNCTION_BYTES_MAX = 8L << 30;

    private final Path directory;
    private final Path clients;
    private final InstantSource time;
    private final GuestKernels kernels;
    private final RootImages roots;
    private final FunctionImages functions;
    private final TimestampCounter counter;
    private final Map<Architecture, Boot> boots = new EnumMap<>(Architecture.class);

    /**
     * Images below {@code directory}.
     *
     * @param clients the clients of managed runtimes
     * @param inits the built init programs, a folder an architecture
     * @param time tells when an image was used last
     */
    public GuestImages(Path directory, Path clients, Path inits, InstantSource time) {
        this.directory = directory.toAbsolutePath();
        this.clients = clients;
        this.time = time;
        ImageFolder folder = new ImageFolder(directory);
        Path packages = folder.resolve("packages");
        kernels = new GuestKernels(folder, packages, inits, time);
        roots = new RootImages(folder, packages, clients, time);
        functions = new FunctionImages(folder.resolve("functions"), FUNCTION_BYTES_MAX, time);
        counter = new TimestampCounter(inits);
    }

    /** Where they are kept: the user's cache, so that another copy of thaw finds what one has fetched. */
    public static Path directory(Path installation) {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        String home = System.getenv().getOrDefault("HOME", "");
        Path owned = home.isEmpty() ? installation.resolve(".thaw") : Path.of(home);
        return (cache.isEmpty() ? owned.resolve(".cache") : Path.of(cache)).resolve("thaw/images");
    }

    @Override
    public synchronized Boot boot(Architecture architecture) throws IOException {
        Boot boot = boots.get(architecture);
        if (boot == null || !Files.exists(boot.initramfs()) || !Files.exists(boot.kernel())) {
            String missing = missingKernel(architecture);
            if (!missing.isEmpty()) {
                throw new IOException(missing);
            }
            Path kernel = kernels.kernel(architecture);
            boot = new Boot(
                    kernel.resolve("kernel"),
                    kernels.initramfs(kernel, architecture),
                    KernelCommandLine.of(architecture, counter),
                    Files.readString(kernel.resolve("version")));
            boots.put(architecture, boot);
        }
        return boot;
    }

    /** The root image of a runtime identifier; takes seconds where it is made first. */
    public Path root(Architecture architecture, String runtime) throws IOException {
        String missing = missing(architecture, runtime);
        GuestRecipe recipe = GuestRecipe.of(runtime);
        if (recipe == null || !missing.isEmpty()) {
            throw new IOException(missing);
        }
        return roots.get(recipe, architecture);
    }

    /** Empty where there is a kernel for guests of an architecture; else why not. */
    public String missingKernel(Architecture architecture) {
        return missing(architecture, GuestRecipe.KERNEL);
    }

    /** Empty where functions of this runtime can run in microVMs; else why not, in a few words. */
    public String missing(Architecture architecture, String runtime) {
        GuestRecipe recipe = GuestRecipe.of(runtime);
        if (recipe == null) {
            return "no root image of microVMs holds this language";
        }
        String missing = missing(architecture, GuestRecipe.KERNEL);
        if (missing.isEmpty()) {
            missing = missing(architecture, recipe);
        }
        return missing.isEmpty() && runtime.startsWith("nodejs") ? missingNodeClient() : missing;
    }

    private String missingNodeClient() {
        return Files.isRegularFile(clients.resolve(NODE_CLIENT))
                ? ""
                : "its client, aws-lambda-ric of npm, is not installed: thaw doctor --install gets it";
    }

    private String missing(Architecture architecture, GuestRecipe recipe) {
        return PackageLock.exists(directory, recipe, architecture)
                ? ""
                : "packages of image " + recipe.name() + " for " + architecture.key()
                        + " are not fetched: thaw doctor --install gets them";
    }

    /** Makes a function's image at its deployment, of what its folders hold now. */
    public Path prepareFunction(Path code, List<Path> layers) throws IOException {
        return functions.prepare(code, layers);
    }

    /** The same of a container image's unpacked root. */
    public Path prepareContainer(Path root) throws IOException {
        return functions.container(root);
    }

    @Override
    public Disks disks(SandboxSpec spec) throws IOException {
        if (spec.image() != null) {
            return new Disks(
                    List.of(functions.container(spec.codeDirectory())),
                    List.of(new GuestMount.Device("/dev/vda", GuestMount.ROOT, "erofs")));
        }
        @Nullable Path root = spec.runtimeMounts().get(SandboxSpec.ROOT_DIRECTORY);
        if (root == null) {
            root = root(spec.architecture(), "provided");
        }
        ImageFolder.touch(root, time.instant());
        List<GuestMount> mounts = new ArrayList<>();
        mounts.add(new GuestMount.Device("/dev/vda", GuestMount.ROOT, "erofs"));
        mounts.add(new GuestMount.Device("/dev/vdb", GuestMount.IMAGE, "erofs"));
        mounts.add(new GuestMount.Bind(GuestMount.IMAGE + "/task", GuestMount.ROOT + "/var/task"));
        mounts.add(new GuestMount.Bind(GuestMount.IMAGE + "/opt", GuestMount.ROOT + "/opt"));
        return new Disks(List.of(root, functions.get(spec.codeDirectory(), spec.layerDirectories())), mounts);
    }
}
