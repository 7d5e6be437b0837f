package dev.corral.redirect.service;

import dev.corral.redirect.AppliesTo;
import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.ReplacesInEach;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.AlgorithmParameterGenerator;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Security providers: those of the JVM, and those that the worker adds. The classes that find an algorithm search both
 * when the worker's code calls them. A provider that the worker has added at the end is searched after all of the
 * JVM's; one that it has inserted elsewhere is searched before all of them. Removing one of the JVM's changes the list
 * that the worker sees, but not the search.
 */
@Documented(of = "`Security.addProvider`, `insertProviderAt`, `removeProvider`",
        becomes = "its own providers, in addition to those of the JVM. The JDK itself (TLS) finds algorithms in the JVM's only")
@AppliesTo({AlgorithmParameterGenerator.class, AlgorithmParameters.class, CertPathBuilder.class,
        CertPathValidator.class, CertificateFactory.class, Cipher.class, KeyAgreement.class, KeyFactory.class,
        KeyGenerator.class, KeyManagerFactory.class, KeyPairGenerator.class, KeyStore.class, Mac.class,
        MessageDigest.class, SSLContext.class, SecretKeyFactory.class, SecureRandom.class, Signature.class,
        TrustManagerFactory.class})
public final class SecurityProviders implements Redirect {
    /** The methods of each class that finds algorithms, looked up at the first use. */
    private static final ClassValue<Engine> ENGINES = new ClassValue<>() {
        @Override
        protected Engine computeValue(Class<?> type) {
            return Engine.of(type);
        }
    };

    /** All providers in the order that the worker sees; null until the worker changes it. Guarded by the monitor. */
    private @Nullable List<Provider> all;
    /**
     * The worker's providers that are searched before, and after, those of the JVM. Immutable lists, replaced under the
     * monitor.
     */
    private volatile List<Provider> before = List.of();
    private volatile List<Provider> after = List.of();

    /** The redirect of a worker that has the JVM's providers so far. */
    public SecurityProviders() {}

    /** The three static methods of a class that finds algorithms. */
    private record Engine(MethodHandle byName, MethodHandle byProviderName, MethodHandle byProvider) {
        static Engine of(Class<?> type) {
            var lookup = MethodHandles.publicLookup();
            MethodType byName = MethodType.methodType(type, String.class);
            MethodType generic = MethodType.methodType(Object.class, String.class);
            try {
                return new Engine(lookup.findStatic(type, "getInstance", byName).asType(generic),
                        lookup.findStatic(type, "getInstance", byName.appendParameterTypes(String.class))
                                .asType(generic.appendParameterTypes(String.class)),
                        lookup.findStatic(type, "getInstance", byName.appendParameterTypes(Provider.class))
                                .asType(generic.appendParameterTypes(Provider.class)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(type + " is not a class that finds algorithms", e);
            }
        }

        /** The algorithm of the first of these providers that has it; null if none has it. */
        @Nullable
        Object from(List<Provider> providers, String algorithm) throws Throwable {
            for (Provider provider : providers) {
                try {
                    return byProvider.invokeExact(algorithm, provider);
                } catch (GeneralSecurityException _) {
                    // try the next one
                }
            }
            return null;
        }
    }

    @ReplacesInEach(method = "getInstance")
    Object getInstance(Class<?> type, String algorithm) throws Throwable {
        Engine engine = ENGINES.get(type);
        Object first = engine.from(before, algorithm);
        if (first != null) {
            return first;
        }
        try {
            return engine.byName.invokeExact(algorithm);
        } catch (GeneralSecurityException e) {
            Object last = engine.from(after, algorithm);
            if (last == null) {
                throw e;
            }
            return last;
        }
    }

    @ReplacesInEach(method = "getInstance")
    Object getInstance(Class<?> type, String algorithm, String provider) throws Throwable {
        Provider own = own(provider);
        Engine engine = ENGINES.get(type);
        return own == null
                ? engine.byProviderName.invokeExact(algorithm, provider)
                : engine.byProvider.invokeExact(algorithm, own);
    }

    /** The worker's provider of this name; null if it has none. */
    private @Nullable Provider own(@Nullable String name) {
        for (List<Provider> some : List.of(before, after)) {
            for (Provider provider : some) {
                if (provider.getName().equals(name)) {
                    return provider;
                }
            }
        }
        return null;
    }

    @Replaces(type = Security.class, method = "addProvider")
    int add(Provider provider) {
        return insert(provider, Integer.MAX_VALUE);
    }

    @Replaces(type = Security.class, method = "insertProviderAt")
    synchronized int insert(Provider provider, int position) {
        List<Provider> providers = changeable();
        String name = provider.getName();
        if (providers.stream().anyMatch(known -> known.getName().equals(name))) {
            return -1;
        }
        int index = position < 1 || position > providers.size() ? providers.size() : position - 1;
        List<Provider> added = new ArrayList<>(index < providers.size() ? before : after);
        added.add(provider);
        if (index < providers.size()) {
            before = List.copyOf(added);
        } else {
            after = List.copyOf(added);
        }
        providers.add(index, provider);
        return index + 1;
    }

    /** The list that the worker sees, for a change. Called under the monitor. */
    private List<Provider> changeable() {
        if (all == null) {
            all = new ArrayList<>(List.of(Security.getProviders()));
        }
        return all;
    }

    @Replaces(type = Security.class, method = "removeProvider")
    synchronized void remove(@Nullable String name) {
        changeable().removeIf(provider -> provider.getName().equals(name));
        before = without(before, name);
        after = without(after, name);
    }

    private static List<Provider> without(List<Provider> providers, @Nullable String name) {
        return providers.stream().filter(provider -> !provider.getName().equals(name)).toList();
    }

    @Replaces(type = Security.class, method = "getProviders")
    synchronized Provider[] getProviders() {
        return all == null ? Security.getProviders() : all.toArray(new Provider[0]);
    }

    @Replaces(type = Security.class, method = "getProvider")
    synchronized @Nullable Provider getProvider(@Nullable String name) {
        if (all == null) {
            return Security.getProvider(name);
        }
        String wanted = Objects.requireNonNullElse(name, "").strip();
        return all.stream().filter(provider -> provider.getName().equals(wanted)).findFirst().orElse(null);
    }

    @Override
    public synchronized void close() {
        all = null;
        before = List.of();
        after = List.of();
    }
}
